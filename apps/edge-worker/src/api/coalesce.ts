/**
 * Requests that reach a worker in the same instant share one call per object: a call costs more than what it carries.
 * The first caller leaves at once; whoever comes while it is away travels together with the next.
 */
import type { TaskCommand } from '@errand/core/command';
import type { CommandResult, LedgerObject, Objects } from '@errand/core/ports';
import { Problem } from './problem.ts';

/** Commands in one call. */
const MAX_COMMANDS = 256;
/** Calls under way to one object; more would only queue inside it. */
const MAX_CALLS = 4;
/** A caller waits this long for its answer, whatever becomes of the call it shares. */
const PATIENCE_MS = 15_000;

interface Waiting {
  readonly commands: readonly TaskCommand[];
  readonly resolve: (results: CommandResult[]) => void;
  readonly reject: (fault: unknown) => void;
}

interface Line {
  readonly waiting: Waiting[];
  calls: number;
}

/** Objects whose `execute` calls are shared. Waits and streams are handed through: they never share. */
export function coalesced(objects: Objects): Objects {
  const lines = new Map<string, Line>();
  return {
    get(name) {
      const object = objects.get(name);
      return new Proxy(object, {
        get: (target, member) =>
          member === 'execute'
            ? (commands: readonly TaskCommand[]) => enqueue(lines, objects, name, commands)
            : (...args: unknown[]) => (target[member as keyof LedgerObject] as (...all: unknown[]) => unknown)(...args),
      });
    },
  };
}

function enqueue(lines: Map<string, Line>, objects: Objects, name: string, commands: readonly TaskCommand[]): Promise<CommandResult[]> {
  const line = lines.get(name) ?? { waiting: [], calls: 0 };
  lines.set(name, line);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(
          new Problem(503, 'timeout', 'The ledger did not answer in time. Send the same request again with its idempotency key.', {
            headers: { 'retry-after': '1' },
          }),
        ),
      PATIENCE_MS,
    );
    const settle =
      <T>(then: (value: T) => void) =>
      (value: T) => {
        clearTimeout(timer);
        then(value);
      };
    line.waiting.push({ commands, resolve: settle(resolve), reject: settle(reject) });
    if (line.calls < MAX_CALLS) void leave(lines, objects, name, line);
  });
}

async function leave(lines: Map<string, Line>, objects: Objects, name: string, line: Line): Promise<void> {
  line.calls += 1;
  // One turn of the loop: whoever arrived with the same packet of requests comes along.
  await Promise.resolve();
  while (line.waiting.length > 0) {
    const group = takeGroup(line);
    try {
      const results = await objects.get(name).execute(group.flatMap(({ commands }) => commands));
      let offset = 0;
      for (const { commands, resolve } of group) resolve(results.slice(offset, (offset += commands.length)));
    } catch (fault) {
      for (const { reject } of group) reject(fault);
    }
  }
  line.calls -= 1;
  if (line.calls === 0 && line.waiting.length === 0) lines.delete(name);
}

function takeGroup({ waiting }: Line): Waiting[] {
  let commands = 0;
  let count = 0;
  for (const { commands: more } of waiting) {
    commands += more.length;
    if (count > 0 && commands > MAX_COMMANDS) break;
    count += 1;
  }
  return waiting.splice(0, count);
}

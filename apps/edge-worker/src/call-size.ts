/** What one call to an object carries: how large a command is on its way, roughly, and how many go together. */
import type { Command } from '@errand/core/command';
import type { Json } from '@errand/core/json';

/** Commands of one call, and what they may weigh together: a call stops at 32 MiB, and its answer repeats what it carries. */
const MAX_CALL_COMMANDS = 256;
export const MAX_CALL_BYTES = 4 * 1_048_576;

/** What a command takes besides its payload: ids, options, actor. */
const ENVELOPE_BYTES = 512;

/** Whether this many commands, or bytes, are too much for one call. */
export function exceedsCall(commands: number, bytes: number): boolean {
  return commands > MAX_CALL_COMMANDS || bytes > MAX_CALL_BYTES;
}

/** Splits what has a command each into calls, in order. A command that is too large for any call has one to itself. */
export function splitIntoCalls<T>(items: readonly T[], commandOf: (item: T) => Command): T[][] {
  const calls: T[][] = [];
  let call: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const more = commandBytes(commandOf(item));
    if (call.length === 0 || exceedsCall(call.length + 1, bytes + more)) {
      calls.push((call = []));
      bytes = 0;
    }
    call.push(item);
    bytes += more;
  }
  return calls;
}

/** Bytes of a command, estimated without writing it out: a long text counts by its length, at once. */
export function commandBytes(command: Command): number {
  switch (command.type) {
    case 'submit':
      return ENVELOPE_BYTES + jsonBytes(command.spec.input) + jsonBytes(command.spec.metadata);
    case 'report':
      return ENVELOPE_BYTES + (command.outcome.kind === 'completed' ? jsonBytes(command.outcome.output) : 0);
    case 'complete':
      return ENVELOPE_BYTES + jsonBytes(command.output);
    default:
      return ENVELOPE_BYTES;
  }
}

function jsonBytes(value: Json): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = 2;
  if (Array.isArray(value)) for (const item of value as readonly Json[]) bytes += jsonBytes(item) + 1;
  else for (const [key, item] of Object.entries(value)) bytes += key.length + 4 + jsonBytes(item);
  return bytes;
}

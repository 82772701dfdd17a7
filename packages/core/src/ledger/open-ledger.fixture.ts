/** A ledger over real SQLite for tests, on a platform that the test turns: its clock, its alarm, its faults. */
import type { Command } from '../command.ts';
import { SYSTEM } from '../actor.ts';
import type { NumberedPost } from '../hook-delivery.ts';
import { mintTaskId, type TaskId } from '../id.ts';
import type { LaneMessage } from '../assignment.ts';
import type { CommandResult } from '../ledger-object.ts';
import type { LedgerPlatform, SqlValue } from '../ledger-platform.ts';
import { spec as given, START } from '../lifecycle/given.fixture.ts';
import type { Task, TaskSpec } from '../task.ts';
import { Ledger } from './ledger.ts';
import { openSqlite } from './sqlite.ground.ts';

export const WORKER = { kind: 'worker', id: 'w' } as const;

/** Opens a ledger whose platform does what `turn` says. */
export function openLedger(name = 'default/0/ledger/0') {
  const { sql, transaction } = openSqlite();
  const sent: LaneMessage[] = [];
  const turn = {
    now: START,
    alarmAt: Number.POSITIVE_INFINITY,
    databaseSize: 0,
    /** Runs before every statement; a throw is a statement that fails. */
    beforeStatement: (_query: string, _bindings: readonly SqlValue[]): void => {},
    durable: async (): Promise<void> => {},
    onChange: (_tasks: readonly Task[]): void => {},
    /** Carries posts to other objects. */
    post: async (_destination: string, _sender: string, _posts: readonly NumberedPost[]): Promise<void> => {},
  };
  const platform: LedgerPlatform = {
    sql: {
      exec(query, ...bindings: SqlValue[]) {
        turn.beforeStatement(query, bindings);
        return sql.exec(query, ...bindings);
      },
      get databaseSize() {
        return turn.databaseSize;
      },
    },
    transaction,
    durable: () => turn.durable(),
    setAlarm: (at) => {
      turn.alarmAt = at;
    },
    now: () => turn.now,
    random: () => 0.5,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    send: async (_lane, messages) => {
      sent.push(...messages);
    },
    post: (destination, sender, posts) => turn.post(destination, sender, posts),
  };
  const open = (more: Partial<LedgerPlatform> = {}): Ledger => new Ledger(name, { ...platform, ...more }, (tasks) => turn.onChange(tasks));
  return { ledger: open(), reopen: open, turn, sent, sql, platform };
}

/** The task of the tests of the lifecycle, under an id of its own. */
export function spec(over: Partial<TaskSpec> = {}): TaskSpec {
  return given({ id: mintTaskId(START, { place: 0, object: 'ledger', shard: 0 }, crypto.getRandomValues(new Uint8Array(13))), ...over });
}

export async function submit(ledger: Ledger, task: TaskSpec, key?: string, digest = 'd'): Promise<Task> {
  const [result] = await ledger.execute([
    {
      taskId: task.id,
      command: { type: 'submit', actor: SYSTEM, spec: task },
      ...(key === undefined ? {} : { idempotency: { key, digest } }),
    },
  ]);
  if (result?.ok !== true) throw new Error(result?.rejection.code);
  return result.task;
}

export async function ask(ledger: Ledger, taskId: TaskId, command: Command): Promise<CommandResult> {
  const [result] = await ledger.execute([{ taskId, command }]);
  if (result === undefined) throw new Error('no result');
  return result;
}

/** Begins the task's next attempt and gives its fence. */
export async function begin(ledger: Ledger, taskId: TaskId): Promise<number> {
  const [assignment] = await ledger.begin([taskId], 'service', 15_000);
  if (assignment === undefined) throw new Error('not begun');
  return assignment.fence;
}

export async function read(ledger: Ledger, taskId: TaskId): Promise<Task> {
  const [task] = await ledger.read([taskId]);
  if (task === null || task === undefined) throw new Error('no such task');
  return task;
}

import type { TaskCommand } from '@errand/core/command';
import type { CommandResult, InboxObject, LedgerObject } from '@errand/core/ledger-object';
import type { TaskId } from '@errand/core/id';
import { describe, expect, it } from 'vitest';
import { coalesced } from './coalesce.ts';

interface Call {
  readonly ids: readonly string[];
  answer(): void;
  fail(fault: Error): void;
}

/** Objects whose calls the test answers one by one. */
function openLine() {
  const calls: Call[] = [];
  const execute = (commands: readonly TaskCommand[]): Promise<CommandResult[]> =>
    new Promise((resolve, reject) => {
      const results = commands.map(({ taskId }) => ({ ok: false, rejection: { code: 'not_found', detail: taskId } }) as const);
      calls.push({ ids: commands.map(({ taskId }) => taskId), answer: () => resolve([...results]), fail: reject });
    });
  /** Answers reads for at most two ids. */
  const read = (ids: readonly TaskId[]): Promise<unknown[]> =>
    new Promise((resolve, reject) => {
      calls.push({ ids, answer: () => resolve(ids.slice(0, 2).map((id) => ({ id }))), fail: reject });
    });
  const object = { execute, read } as unknown as InboxObject;
  const work: Promise<unknown>[] = [];
  const objects = coalesced({ get: () => object as LedgerObject, inbox: () => object }, (one) => work.push(one));
  return {
    calls,
    ask: (...commands: TaskCommand[]) => objects.get('ledger').execute(commands),
    read: (...ids: string[]) => objects.get('ledger').read(ids as TaskId[]),
  };
}

const cancel = (id: string): TaskCommand => ({ taskId: id as TaskId, command: { type: 'cancel', actor: { kind: 'system', id: 't' } } });
const retryNow = (id: string): TaskCommand => ({
  taskId: id as TaskId,
  command: { type: 'retry-now', actor: { kind: 'system', id: 't' } },
});
const completion = (id: string, output: string): TaskCommand => ({
  taskId: id as TaskId,
  command: { type: 'report', actor: { kind: 'system', id: 't' }, fence: 1, outcome: { kind: 'completed', output }, delayFraction: 0 },
});
const turn = () => new Promise((done) => setTimeout(done, 0));
const detail = (results: CommandResult[]) => results.map((result) => (result.ok ? '' : result.rejection.detail));

describe('calls to an object', () => {
  it('are shared by those who come while two are away, each with its own answer', async () => {
    const { calls, ask } = openLine();
    const first = ask(cancel('a'));
    await turn();
    const second = ask(cancel('b'));
    await turn();
    const later = [ask(cancel('c')), ask(cancel('d'), cancel('e')), ask(cancel('f'))];
    await turn();
    expect(calls.map(({ ids }) => ids)).toEqual([['a'], ['b']]);
    calls[0]?.answer();
    expect(detail(await first)).toEqual(['a']);
    await turn();
    expect(calls[2]?.ids).toEqual(['c', 'd', 'e', 'f']);
    calls[2]?.answer();
    calls[1]?.answer();
    expect((await Promise.all(later)).map(detail)).toEqual([['c'], ['d', 'e'], ['f']]);
    expect(detail(await second)).toEqual(['b']);
  });

  it('leave at once for a lone caller, and wait a turn for company where callers came together last', async () => {
    const { calls, ask } = openLine();
    const microtasks = async () => {
      for (let i = 0; i < 5; i++) await Promise.resolve();
    };
    void ask(cancel('a'));
    await microtasks();
    void ask(cancel('b'));
    await microtasks();
    void ask(cancel('c'));
    void ask(cancel('d'));
    for (let i = 0; i < 3; i++) {
      calls[i]?.answer();
      await microtasks();
    }
    expect(calls.map(({ ids }) => ids)).toEqual([['a'], ['b'], ['c', 'd']]);
    void ask(cancel('e'));
    await microtasks();
    expect(calls).toHaveLength(3);
    void ask(cancel('f'));
    await turn();
    expect(calls[3]?.ids).toEqual(['e', 'f']);
  });

  it('carry at most 256 commands and 4 MiB, and one caller is never split', async () => {
    const { calls, ask } = openLine();
    void ask(cancel('x'));
    await turn();
    void ask(cancel('y'));
    await turn();
    void ask(...Array.from({ length: 200 }, (_, i) => cancel(`a${i}`)));
    void ask(...Array.from({ length: 57 }, (_, i) => cancel(`b${i}`)));
    void ask(completion('large1', 'x'.repeat(3_000_000)));
    void ask(completion('large2', 'x'.repeat(3_000_000)));
    for (let i = 0; i < 6; i++) {
      calls[i]?.answer();
      await turn();
    }
    expect(calls.slice(2).map(({ ids }) => [ids[0], ids.length])).toEqual([
      ['a0', 200],
      ['b0', 58],
      ['large2', 1],
    ]);
  });

  it('are shared by reads too, and what one of them does not come to goes first in the next', async () => {
    const { calls, read } = openLine();
    void read('a');
    await turn();
    void read('b');
    await turn();
    const later = [read('c'), read('d', 'e'), read('f')];
    await turn();
    for (let i = 0; i < 4; i++) {
      calls[i]?.answer();
      await turn();
    }
    expect(calls.map(({ ids }) => ids)).toEqual([['a'], ['b'], ['c', 'd', 'e', 'f'], ['e', 'f']]);
    expect(await Promise.all(later)).toEqual([[{ id: 'c' }], [{ id: 'd' }, { id: 'e' }], [{ id: 'f' }]]);
  });

  it('fail together, and the next ones are made all the same', async () => {
    const { calls, ask } = openLine();
    const lost = Promise.allSettled([ask(cancel('a')), ask(cancel('b'))]);
    await turn();
    for (const call of calls) call.fail(new Error('gone'));
    expect((await lost).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = ask(cancel('c'));
    await turn();
    calls.at(-1)?.answer();
    expect(detail(await next)).toEqual(['c']);
  });

  it('are refused with 503 and Retry-After when too much waits, but for what ends work', async () => {
    const { calls, ask } = openLine();
    void ask(cancel('a'));
    await turn();
    void ask(cancel('b'));
    await turn();
    for (let i = 0; i < 20; i++) void ask(...Array.from({ length: 1_000 }, (_, n) => retryNow(`${i}.${n}`)));
    await expect(ask(retryNow('late'))).rejects.toMatchObject({
      status: 503,
      code: 'overloaded',
      options: { headers: { 'retry-after': '1' } },
    });
    const report = ask(completion('report', 'x'));
    for (let i = 0; i < calls.length; i++) {
      calls[i]?.answer();
      await turn();
    }
    expect(detail(await report)).toEqual(['report']);
  });
});

import { describe, expect, it } from 'vitest';
import { Problem } from './problem.ts';
import { readQuery, requirePlainPath } from './read-query.ts';

function refusal(act: () => unknown): [number, string] | undefined {
  try {
    act();
    return undefined;
  } catch (problem) {
    return problem instanceof Problem ? [problem.status, problem.code] : undefined;
  }
}

describe('a query', () => {
  it('has each parameter once; several statuses are one list', () => {
    expect(readQuery({ tag: ['a'], status: ['queued', 'running,failed'] })).toEqual({ tag: 'a', status: 'queued,running,failed' });
    expect(refusal(() => readQuery({ tag: ['a', 'b'] }))).toEqual([400, 'invalid_query']);
  });

  it('is text that every database can compare', () => {
    for (const text of ['\0', 'a\0b', '\ud800']) expect(refusal(() => readQuery({ tag: [text] }))).toEqual([400, 'invalid_query']);
    expect(readQuery({ tag: ['😀'] })).toEqual({ tag: '😀' });
  });
});

describe('a path', () => {
  it('with NUL in it names nothing', () => {
    expect(refusal(() => requirePlainPath({ id: 'a\0' }))).toEqual([404, 'not_found']);
    expect(refusal(() => requirePlainPath({ id: 'task_x' }))).toBeUndefined();
  });
});

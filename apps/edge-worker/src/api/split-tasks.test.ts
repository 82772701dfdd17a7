import { describe, expect, it } from 'vitest';
import { MAX_BATCH, splitTasks } from './split-tasks.ts';

const texts = (body: string) => splitTasks(body).map(({ text }) => JSON.parse(text));

describe('splitTasks', () => {
  it.each([
    [{ tasks: [] }],
    [{ tasks: [{ a: 1 }, { b: [1, [2, 3]], c: '],[{"' }, 'text', 5, null, []] }],
    [{ tasks: [{ text: 'a quote \\" and a backslash \\\\', nested: { tasks: [{ x: 1 }] } }] }],
  ])('gives the elements of %j as they are', (body) => {
    expect(texts(JSON.stringify(body))).toEqual(body.tasks);
    expect(texts(JSON.stringify(body, null, 2))).toEqual(body.tasks);
  });

  it('says what is wrong with the text that was sent, not with what it was cut into', () => {
    expect(() => splitTasks('{"tasks":[{"type":"x"},]}')).toThrow('"x"},]');
  });

  it('keeps members named __proto__', () => {
    expect(splitTasks('{"tasks":[{"__proto__":{"x":1}}]}')[0]?.text).toBe('{"__proto__":{"x":1}}');
  });

  it('measures the depth of each task by itself', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const tasks = splitTasks(`{"tasks":[${nested(64)},${nested(65)},${nested(100_000)},{"a":1}]}`);
    expect(tasks.map(({ isTooDeep }) => isTooDeep)).toEqual([false, true, true, false]);
  });

  it.each([
    ['no JSON', '{"tasks":[', 'not JSON'],
    ['a trailing comma', '{"tasks":[1,]}', 'not JSON'],
    ['brackets that do not match', '{"tasks":[1}]', 'not JSON'],
    ['a list', '[[1]]', 'must be a JSON object'],
    ['nothing', '', 'not JSON'],
    ['a body without tasks', '{}', 'not understood'],
    ['tasks that are no list', '{"tasks":{}}', 'not understood'],
    ['an unknown member', '{"tasks":[],"more":1}', 'not understood'],
    ['a deep envelope', `{"tasks":[],"x":${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)}}`, 'not understood'],
    ['too many tasks', JSON.stringify({ tasks: Array.from({ length: MAX_BATCH + 1 }, () => 1) }), 'not understood'],
  ])('refuses %s', (_name, body, message) => {
    expect(() => splitTasks(body)).toThrow(message);
  });

  it('points at an unknown member by its escaped name', () => {
    expect(() => splitTasks('{"tasks":[],"a/b":1}')).toThrow(
      expect.objectContaining({ options: { errors: [expect.objectContaining({ pointer: '#/a~1b' })] } }),
    );
  });
});

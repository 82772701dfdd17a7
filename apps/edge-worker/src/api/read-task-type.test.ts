import type { JsonObject } from '@errand/core/json';
import { describe, expect, it } from 'vitest';
import { compileJsonSchema } from '@errand/core/validator/json-schema';
import { readTaskType } from './read-task-type.ts';

const known = { schemas: { compile: compileJsonSchema }, handlers: new Set(['example.sum@1']) };
const remote = { name: 'report.render', version: 1, kind: 'automated' };

function read(body: JsonObject) {
  const result = readTaskType(body, known);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.type;
}

function pointers(body: JsonObject): string[] {
  const result = readTaskType(body, known);
  return result.ok ? [] : result.errors.map(({ pointer }) => pointer);
}

describe('a type that is written', () => {
  it('has its times in milliseconds, fractions too', () => {
    const type = read({ ...remote, retry: { initialInterval: 'PT0.2S' }, timeouts: { heartbeat: 'PT1.5S' }, retention: 'P1DT12H' });
    expect(type).toMatchObject({ retry: { initialIntervalMs: 200 }, timeouts: { heartbeatMs: 1_500 }, retentionMs: 129_600_000 });
  });

  it('gets the longest wait that its first one asks for', () => {
    expect(read({ ...remote, retry: { initialInterval: 'PT5M' } }).retry).toMatchObject({
      initialIntervalMs: 300_000,
      maxIntervalMs: 300_000,
    });
  });

  it('keeps a default bound beside those it names', () => {
    expect(read({ ...remote, timeouts: { scheduleToClose: 'P1D' } }).timeouts).toEqual({
      startToCloseMs: 60_000,
      scheduleToCloseMs: 86_400_000,
    });
  });

  it('carries schemas and bodies untouched, whatever their members are called', () => {
    const inputSchema = JSON.parse('{"properties":{"__proto__":{"type":"integer"},"constructor":true}}');
    const request = JSON.parse('{"connection":"psp","path":"/x","body":{"__proto__":"${input.a}","list":[1,null,{}]}}');
    const type = read({ name: 'a', version: 1, kind: 'integration', inputSchema, request });
    expect(JSON.stringify(type.inputSchema)).toBe(JSON.stringify(inputSchema));
    expect(JSON.stringify(type.request?.body)).toBe(JSON.stringify(request.body));
  });

  it('may name what the service has, and nothing that it has not', () => {
    expect(read({ ...remote, handler: 'example.sum@1' }).handler).toBe('example.sum@1');
    expect(pointers({ ...remote, handler: 'example.sum@2' })).toEqual(['#/handler']);
  });
});

describe('templates', () => {
  const integration = { name: 'a', version: 1, kind: 'integration' };
  const request = { connection: 'psp', path: '/x' };

  it.each<[string, JsonObject, string[]]>([
    ['the answer in the path', { path: '/${response.body.id}' }, ['#/request/path']],
    ['the answer in the body', { body: { a: [{ b: '${response.status}' }] } }, ['#/request/body/a/0/b']],
    [
      'the answer in the query and headers',
      { query: { q: '${response.status}' }, headers: { 'X-A': '${response.status}' } },
      ['#/request/query/q', '#/request/headers/X-A'],
    ],
    ['something unknown in the output', { output: { id: '${answer.id}' } }, ['#/request/output/id']],
    ['two conditions where one is asked', { waitWhen: '${true} and ${false}' }, ['#/request/waitWhen']],
    ['an expression that ends too early', { correlation: '${response.body.' }, ['#/request/correlation']],
  ])('may not have %s', (_name, members, expected) => {
    expect(pointers({ ...integration, request: { ...request, ...members } })).toEqual(expected);
  });

  it('may name the answer once there is one', () => {
    const members = {
      output: '${response.body}',
      waitFor: 'event',
      waitWhen: '${response.status in [200, 202]}',
      correlation: '${response.headers.id}',
    };
    expect(pointers({ ...integration, request: { ...request, ...members } })).toEqual([]);
  });
});

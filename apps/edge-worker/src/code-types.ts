/** Task types defined in code, as the catalog shows them. */
import type { Json } from '@errand/core/json';
import type { TaskType } from '@errand/core/task-type';
import type { TaskDefinition } from '@errand/executors/automated/define-task';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { CheckedType, Types } from './api/service.ts';
import type { FieldError } from './api/problem.ts';

const DAY_MS = 86_400_000;
/** A handler may take this long unless its type says otherwise. */
const START_TO_CLOSE_MS = 60_000;

/** Types over `definitions`, by name and version. */
export function codeTypes(definitions: readonly TaskDefinition[]): Types {
  const checked = definitions.map(checkedType);
  return {
    find: async (_namespace, name, version) =>
      checked
        .filter(({ type }) => type.name === name && (version === undefined || type.version === version))
        .sort((a, b) => b.type.version - a.type.version)[0],
  };
}

function checkedType(definition: TaskDefinition): CheckedType {
  return {
    type: typeOf(definition),
    checkInput: (input) => check(definition.input, input, '#/input'),
    checkOutput: (output) => check(definition.output, output, '#/output'),
  };
}

function typeOf(definition: TaskDefinition): TaskType {
  const { name, version, retry, timeouts } = definition;
  return {
    name,
    version,
    kind: 'automated',
    inputSchema: true,
    outputSchema: true,
    retry: {
      maxAttempts: 3,
      initialIntervalMs: 1_000,
      backoffCoefficient: 2,
      maxIntervalMs: 60_000,
      jitter: 'full',
      nonRetryableCodes: [],
      ...retry,
    },
    timeouts: { startToCloseMs: START_TO_CLOSE_MS, ...timeouts },
    onInvalidOutput: definition.onInvalidOutput ?? 'retry',
    retentionMs: 30 * DAY_MS,
    tags: definition.tags ?? [],
    ...(definition.title === undefined ? {} : { title: definition.title }),
    ...(definition.description === undefined ? {} : { description: definition.description }),
    handler: `${name}@${version}`,
  };
}

async function check(schema: StandardSchemaV1, value: Json, prefix: string): Promise<FieldError[]> {
  const { issues } = await schema['~standard'].validate(value);
  return (issues ?? []).map(({ path, message }) => ({
    pointer: [prefix, ...(path ?? []).map((part) => escapePointer(String(typeof part === 'object' ? part.key : part)))].join('/'),
    detail: message,
  }));
}

function escapePointer(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}

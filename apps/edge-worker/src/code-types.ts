/** Task types defined in code: every namespace has them, and their handlers are deployed with the service. */
import type { TaskDefinition } from '@errand/executors/automated/define-task';
import type { Json } from '@errand/core/json';
import { DEFAULT_RETENTION_MS, DEFAULT_RETRY, defaultTimeouts } from '@errand/core/task-type-defaults';
import { typeRef, type TaskType } from '@errand/core/task-type';
import { standardSchemaValidator } from '@errand/core/validator/standard-schema';
import type { Validator } from '@errand/core/validator/validator';

export interface CodeType {
  readonly type: TaskType;
  readonly input: Validator;
  readonly output: Validator;
}

export class CodeTypes {
  /** By name, then highest version first. */
  readonly all: readonly CodeType[];
  readonly #byRef: ReadonlyMap<string, CodeType>;

  constructor(definitions: readonly TaskDefinition[]) {
    this.all = definitions
      .map(codeType)
      .sort(({ type: a }, { type: b }) => (a.name === b.name ? b.version - a.version : a.name < b.name ? -1 : 1));
    this.#byRef = new Map(this.all.map((one) => [typeRef(one.type), one]));
  }

  find(name: string, version: number): CodeType | undefined {
    return this.#byRef.get(typeRef({ name, version }));
  }

  /** Versions of a name, highest first. */
  versions(name: string): readonly CodeType[] {
    return this.all.filter(({ type }) => type.name === name);
  }
}

function codeType(definition: TaskDefinition): CodeType {
  const input = standardSchemaValidator(definition.input);
  const output = standardSchemaValidator(definition.output);
  return { type: typeOf(definition, input.jsonSchema, output.jsonSchema), input, output };
}

function typeOf(definition: TaskDefinition, inputSchema: Json, outputSchema: Json): TaskType {
  const { name, version, retry, timeouts, title, description } = definition;
  return {
    name,
    version,
    kind: 'automated',
    inputSchema,
    outputSchema,
    retry: { ...DEFAULT_RETRY, ...retry },
    timeouts: { ...defaultTimeouts('automated'), ...timeouts },
    onInvalidOutput: definition.onInvalidOutput ?? 'retry',
    retentionMs: DEFAULT_RETENTION_MS,
    tags: definition.tags ?? [],
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    handler: typeRef(definition),
  };
}

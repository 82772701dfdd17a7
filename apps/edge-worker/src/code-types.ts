/** Task types defined in code: every namespace has them, and their handlers are deployed with the service. */
import type { TaskDefinition } from '@errand/executors/automated/define-task';
import type { Json } from '@errand/core/json';
import { DEFAULT_RETENTION_MS, DEFAULT_RETRY, defaultTimeouts } from '@errand/core/task-type-defaults';
import { typeRef, type TaskType } from '@errand/core/task-type';
import type { Validator } from '@errand/core/validator/validator';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { z } from 'zod';

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
  const input = validatorOf(definition.input);
  const output = validatorOf(definition.output);
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

function validatorOf(schema: StandardSchemaV1): Validator {
  return {
    // Other libraries of the Standard Schema judge as well, and cannot all say as JSON Schema what they take.
    jsonSchema: schema instanceof z.ZodType ? (z.toJSONSchema(schema, { io: 'input' }) as Json) : true,
    async validate(value) {
      const { issues } = await schema['~standard'].validate(value);
      if (issues === undefined) return { ok: true, value };
      return {
        ok: false,
        errors: issues.map(({ path = [], message }) => ({
          pointer: path
            .map(
              (part) =>
                `/${String(typeof part === 'object' ? part.key : part)
                  .replaceAll('~', '~0')
                  .replaceAll('/', '~1')}`,
            )
            .join(''),
          detail: message,
        })),
      };
    },
  };
}

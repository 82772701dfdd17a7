/** The engines measured, each behind the same two questions: is it valid, and what is wrong with it. */
import { Validator } from '@cfworker/json-schema';
import type { Json, JsonObject } from '@errand/core/json';
import { compileJsonSchema } from '@errand/core/validator/json-schema';
import { BASIC } from '@hyperjump/json-schema/experimental';
import { registerSchema, unregisterSchema, validate } from '@hyperjump/json-schema/draft-2020-12';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ZSchema from 'z-schema';

export interface Compiled {
  /** Stops at the first thing that is wrong. */
  isValid(value: Json): boolean;
  /** Finds all that is wrong; how many that are. */
  errorsIn(value: Json): number;
}

export interface Engine {
  readonly name: string;
  /** It generates code, which the Workers platform forbids: a reference, not a choice. */
  readonly generatesCode?: boolean;
  compile(schema: JsonObject): Compiled | Promise<Compiled>;
  /** Makes a schema ready for one of the two questions, and forgets it. Not for engines that do it as they go, or later. */
  takeIn?(schema: JsonObject): unknown;
}

function numberOfErrors(output: { readonly valid: boolean; readonly errors?: readonly unknown[] }): number {
  return output.errors?.length ?? 0;
}

export const ENGINES: readonly Engine[] = [
  {
    name: 'ours',
    takeIn: (schema) => compileJsonSchema(schema),
    compile(schema) {
      const compiled = compileJsonSchema(schema);
      if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
      const { validator } = compiled;
      return {
        isValid: (value) => validator.check(value),
        errorsIn(value) {
          const result = validator.validate(value);
          return result.ok ? 0 : result.errors.length;
        },
      };
    },
  },
  {
    name: 'ajv',
    generatesCode: true,
    takeIn: (schema) => new Ajv2020({ strict: false }).compile(schema),
    compile(schema) {
      const [first, all] = [false, true].map((allErrors) => new Ajv2020({ strict: false, allErrors }).compile(schema));
      if (first === undefined || all === undefined) throw new Error('ajv compiles');
      return { isValid: (value) => first(value), errorsIn: (value) => (all(value) ? 0 : (all.errors?.length ?? 0)) };
    },
  },
  {
    name: 'cfworker',
    takeIn: (schema) => new Validator(schema, '2020-12'),
    compile(schema) {
      const [first, all] = [new Validator(schema, '2020-12', true), new Validator(schema, '2020-12', false)];
      return { isValid: (value) => first.validate(value).valid, errorsIn: (value) => all.validate(value).errors.length };
    },
  },
  {
    name: 'hyperjump',
    async compile(schema) {
      const id = 'https://example.com/bench';
      registerSchema({ ...schema, $id: id });
      const judge = await validate(id);
      unregisterSchema(id);
      return { isValid: (value) => judge(value as never).valid, errorsIn: (value) => numberOfErrors(judge(value as never, BASIC)) };
    },
  },
  {
    name: 'z-schema',
    compile(schema) {
      const [first, all] = [true, false].map((breakOnFirstError) =>
        ZSchema.create({ safe: true, breakOnFirstError, version: 'draft2020-12' }),
      );
      if (first === undefined || all === undefined) throw new Error('z-schema starts');
      return {
        isValid: (value) => first.validate(value, schema as never).valid,
        errorsIn: (value) => all.validate(value, schema as never).err?.details?.length ?? 0,
      };
    },
  },
];

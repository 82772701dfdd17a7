/**
 * Whether a version of a task type may follow the one before it: those who submit must not have to change, so every input that
 * was valid stays valid, and those who read results must not be surprised, so every output was a possible one before.
 */
import { isJsonObject, type Json } from '@errand/core/json';
import type { TaskType } from '@errand/core/task-type';
import { typeRef } from '@errand/core/task-type';
import { type Compatibility, compareSchemas } from '@errand/core/validator/compatibility';
import type { FieldError } from './problem.ts';

export interface TypeCompatibility {
  /** The version it was compared with, as `name@version`. */
  readonly previous: string;
  readonly input: Compatibility['level'];
  readonly output: Compatibility['level'];
  /** Why it breaks those who submit or read; pointers lead into the body. None where it does not. */
  readonly breaks: readonly FieldError[];
}

export function typeCompatibility(previous: TaskType, next: TaskType): TypeCompatibility {
  const [input, output] = [compared(previous, next, 'inputSchema'), compared(previous, next, 'outputSchema')];
  // A schema that says nothing has promised nothing: neither what may be sent, nor what will come.
  const inputs = saysNothing(previous.inputSchema) ? [] : input.reasons.filter(({ breaks }) => breaks === 'backward');
  const outputs = saysNothing(next.outputSchema) ? [] : output.reasons.filter(({ breaks }) => breaks === 'forward');
  return {
    previous: typeRef(previous),
    input: input.level,
    output: output.level,
    breaks: [
      ...inputs.map(({ pointer, detail }) => ({ pointer: `#/inputSchema${pointer}`, detail })),
      // These lead into the schema before, which is the one that refuses: the body has its own at another place, or none.
      ...outputs.map(({ pointer, detail }) => ({
        pointer: '#/outputSchema',
        detail: `${pointer || 'the schema'} of ${typeRef(previous)} ${detail}`,
      })),
    ],
  };
}

function saysNothing(schema: Json): boolean {
  return schema === true || (isJsonObject(schema) && Object.keys(schema).length === 0);
}

function compared(previous: TaskType, next: TaskType, member: 'inputSchema' | 'outputSchema'): Compatibility {
  const result = compareSchemas(previous[member], next[member]);
  if (!result.ok) throw new Error(`A published schema no longer compiles: ${JSON.stringify(result.faults[0])}`);
  return result;
}

/** Rules across fields, written in the expression language of the whole service. */
import type { Json } from '../json.ts';
import { compileExpression, ExpressionFault } from '../expression.ts';
import type { Rule } from './engine/compile.ts';

/** Units of work of the validator that an evaluation takes at least: about 2 µs. */
const BASE_COST = 100;

/** A rule made ready, or why it is refused: a half sentence. */
export function compileRule(source: string): Rule | string {
  const compiled = compileExpression(source, ['self']);
  if (!compiled.ok) return `is not an expression: ${compiled.detail}`;
  const { value: expression } = compiled;
  return {
    cost: (self) => BASE_COST + 2 * expression.steps({ self }),
    holds(self: Json) {
      try {
        const result = expression.evaluate({ self });
        return typeof result === 'boolean' ? result : 'it is neither true nor false';
      } catch (error) {
        if (error instanceof ExpressionFault) return error.message;
        throw error;
      }
    },
  };
}

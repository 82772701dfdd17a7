/** Failed outcomes, as every executor builds them. */
import type { Json } from '@errand/core/json';
import type { Failed } from '@errand/core/outcome';

/** The outcome of an attempt that failed. The codes are listed in `docs/data_model.md`. */
export function failed(code: string, message: string, retryable: boolean, details?: Json): Failed {
  return { kind: 'failed', error: { code, message, retryable, ...(details === undefined ? {} : { details }) } };
}

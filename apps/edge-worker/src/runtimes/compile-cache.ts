/** Where Node keeps compiled code between starts. It is no state: whoever removes it makes the next start a little slower. */
import { join } from 'node:path';

export const COMPILE_CACHE = join(import.meta.dirname, '..', '..', 'dist', 'compile-cache');

/** All schemas and documents that mean harm. */
import type { HostileCase } from './hostile-case.ts';
import { HOSTILE_DEFAULTS } from './hostile-defaults.ts';
import { HOSTILE_DOCUMENTS } from './hostile-documents.ts';
import { HOSTILE_SCHEMAS } from './hostile-schemas.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';

export const HOSTILE_CASES: readonly HostileCase[] = [...HOSTILE_SCHEMAS, ...HOSTILE_DOCUMENTS, ...HOSTILE_TEXTS, ...HOSTILE_DEFAULTS];

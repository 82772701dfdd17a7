/** All keywords, in the order they are evaluated: the cheap ones that fail early first, those around all others last. */
import type { KeywordGroup } from '../engine/keyword.ts';
import { conditional } from './conditional.ts';
import { contains } from './contains.ts';
import { dependent } from './dependent.ts';
import { constant, enumeration } from './enum.ts';
import { format } from './format.ts';
import { items } from './items.ts';
import { logic } from './logic.ts';
import { number } from './number.ts';
import { properties } from './properties.ts';
import { propertyNames } from './property-names.ts';
import { reference } from './reference.ts';
import { rules } from './rules.ts';
import { size } from './size.ts';
import { string } from './string.ts';
import { type } from './type.ts';
import { unevaluated } from './unevaluated.ts';
import { uniqueItems } from './unique-items.ts';

export const KEYWORD_GROUPS: readonly KeywordGroup[] = [
  type,
  constant,
  enumeration,
  number,
  string,
  format,
  size,
  properties,
  propertyNames,
  items,
  contains,
  uniqueItems,
  reference,
  dependent,
  conditional,
  logic,
  unevaluated,
  rules,
];

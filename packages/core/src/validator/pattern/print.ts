/** Writes a regular expression for an engine. Both get the same sets, so both match the same texts. */
import type { CharacterSet, Regex } from './regex.ts';

export type Dialect = 'native' | 're2';

export function print(regex: Regex, dialect: Dialect): string {
  switch (regex.kind) {
    case 'set':
      return printSet(regex.set, dialect);
    case 'start':
      return '^';
    case 'end':
      return '$';
    case 'boundary':
      return regex.negated ? '\\B' : '\\b';
    case 'sequence':
      return regex.parts.map((part) => (part.kind === 'choice' ? `(?:${print(part, dialect)})` : print(part, dialect))).join('');
    case 'choice':
      return regex.options.map((option) => print(option, dialect)).join('|');
    case 'repeat': {
      const body = print(regex.body, dialect);
      return `${regex.body.kind === 'set' ? body : `(?:${body})`}${quantifier(regex.min, regex.max)}`;
    }
  }
}

function quantifier(min: number, max: number): string {
  if (max === Infinity) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

function printSet({ negated, ranges, properties }: CharacterSet, dialect: Dialect): string {
  const character = (point: number): string => (dialect === 'native' ? `\\u{${point.toString(16)}}` : `\\x{${point.toString(16)}}`);
  const members = [
    ...ranges.map(([first, last]) => (first === last ? character(first) : `${character(first)}-${character(last)}`)),
    ...properties.map((property) => `\\${property.negated ? 'P' : 'p'}{${property[dialect]}}`),
  ].join('');
  // RE2 has no brackets without members.
  const everything = `${character(0)}-${character(0x10ffff)}`;
  return members === '' ? `[${negated ? '' : '^'}${everything}]` : `[${negated ? '^' : ''}${members}]`;
}

/** A regular expression as a tree: what patterns are parsed to, before they are judged and printed for an engine. */

export type Regex =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | { readonly kind: 'boundary'; readonly negated: boolean }
  /** One after the other; an empty one matches the empty text. */
  | { readonly kind: 'sequence'; readonly parts: readonly Regex[] }
  | { readonly kind: 'choice'; readonly options: readonly Regex[] }
  | { readonly kind: 'repeat'; readonly body: Regex; readonly min: number; readonly max: number };

/** Code points from the first to the last, both included. */
export type Range = readonly [first: number, last: number];

/** A set of code points: the ranges and the properties together, or everything else. */
export interface CharacterSet {
  readonly negated: boolean;
  readonly ranges: readonly Range[];
  readonly properties: readonly Property[];
}

/** A Unicode property, in the words of either engine: `\p{Script=Greek}` is `\p{Greek}` to RE2. */
export interface Property {
  readonly native: string;
  readonly re2: string;
  readonly negated: boolean;
}

const LAST_CODE_POINT = 0x10ffff;

export const DIGIT: readonly Range[] = [[0x30, 0x39]];
export const WORD: readonly Range[] = [...DIGIT, [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];
/** What ECMAScript calls white space, line ends included. */
export const SPACE: readonly Range[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
/** What `.` does not match. */
export const LINE_END: readonly Range[] = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];

/** All code points outside of ranges that are in order and do not touch. */
export function complement(ranges: readonly Range[]): Range[] {
  const outside: Range[] = [];
  let next = 0;
  for (const [first, last] of ranges) {
    if (first > next) outside.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= LAST_CODE_POINT) outside.push([next, LAST_CODE_POINT]);
  return outside;
}

/** The characters an engine keeps apart while matching, more or less: what a pattern costs to compile and to run. */
export function sizeOf(regex: Regex): number {
  switch (regex.kind) {
    case 'set':
      // A property is hundreds of ranges.
      return 1 + 16 * regex.set.properties.length;
    case 'start':
    case 'end':
    case 'boundary':
      return 1;
    case 'sequence':
      return regex.parts.reduce((size, part) => size + sizeOf(part), 1);
    case 'choice':
      return regex.options.reduce((size, option) => size + sizeOf(option), 1);
    case 'repeat':
      return 1 + sizeOf(regex.body) * Math.max(1, regex.max === Infinity ? regex.min + 1 : regex.max);
  }
}

/** The longest text a regular expression takes, in characters. */
export function longestMatch(regex: Regex): number {
  switch (regex.kind) {
    case 'set':
      return 1;
    case 'start':
    case 'end':
    case 'boundary':
      return 0;
    case 'sequence':
      return regex.parts.reduce((length, part) => length + longestMatch(part), 0);
    case 'choice':
      return Math.max(...regex.options.map(longestMatch));
    case 'repeat': {
      const body = longestMatch(regex.body);
      return body === 0 ? 0 : body * regex.max;
    }
  }
}

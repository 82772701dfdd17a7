/**
 * Reads a pattern as ECMAScript does with the `u` flag, a little more kindly: an escaped sign is that sign, and a brace that
 * is no quantifier is itself. What cannot run in linear time is refused by name.
 */
import { type CharacterSet, complement, DIGIT, LINE_END, type Range, type Regex, SPACE, WORD } from './regex.ts';
import { findProperty } from './property.ts';

/** Times a part may be repeated by number; more is a matter of `minLength` and `maxLength`. */
const MAX_REPEAT = 1_000;

/** Why a pattern is refused: a half sentence that follows the pattern. */
export class PatternError extends Error {}

export function parsePattern(source: string): Regex {
  const reader = new Reader(source);
  const regex = reader.choice();
  if (!reader.done) throw new PatternError('has a ")" without "("');
  return regex;
}

const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, '0': 0 };
const SHORTHANDS: Readonly<Record<string, readonly Range[]>> = {
  d: DIGIT,
  D: complement(DIGIT),
  w: WORD,
  W: complement(WORD),
  s: SPACE,
  S: complement(SPACE),
};
const QUANTIFIER = /(?:[*+?]|\{(\d+)(,(\d*))?\})\??/y;
const GROUP = /\(\?(?::|<[\p{ID_Start}$_][\p{ID_Continue}$]*>)/uy;
const HEX = /u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})/y;
const PROPERTY = /([pP])\{([^}]*)\}/y;

const only = (first: number, last = first): CharacterSet => ({ negated: false, ranges: [[first, last]], properties: [] });
const any = (ranges: readonly Range[], negated = false): CharacterSet => ({ negated, ranges, properties: [] });

class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  get done(): boolean {
    return this.#at >= this.#source.length;
  }

  choice(): Regex {
    const [first, ...others] = [this.#sequence()];
    const options: Regex[] = first === undefined ? others : [first, ...others];
    while (this.#take('|')) options.push(this.#sequence());
    return options.length === 1 && first !== undefined ? first : { kind: 'choice', options };
  }

  #sequence(): Regex {
    const parts: Regex[] = [];
    while (!this.done && !this.#sees('|') && !this.#sees(')')) parts.push(this.#quantified(this.#atom()));
    return { kind: 'sequence', parts };
  }

  #quantified(body: Regex): Regex {
    const found = this.#match(QUANTIFIER);
    if (found === null) return body;
    if (body.kind !== 'set' && body.kind !== 'sequence' && body.kind !== 'choice' && body.kind !== 'repeat')
      throw new PatternError('repeats something that takes no text');
    const [text, least, upTo, most] = found;
    if (least === undefined) return { kind: 'repeat', body, min: text.startsWith('+') ? 1 : 0, max: text.startsWith('?') ? 1 : Infinity };
    const min = Number(least);
    const max = upTo === undefined ? min : most === '' || most === undefined ? Infinity : Number(most);
    if (min > max) throw new PatternError(`repeats from ${min} down to ${max} times`);
    if (min > MAX_REPEAT || (max > MAX_REPEAT && max !== Infinity)) throw new PatternError(`repeats a part more than ${MAX_REPEAT} times`);
    return { kind: 'repeat', body, min, max };
  }

  #atom(): Regex {
    if (this.#take('^')) return { kind: 'start' };
    if (this.#take('$')) return { kind: 'end' };
    if (this.#take('.')) return { kind: 'set', set: any(LINE_END, true) };
    if (this.#sees('(')) return this.#group();
    if (this.#take('[')) return { kind: 'set', set: this.#class() };
    if (this.#take('\\')) {
      if (this.#take('b')) return { kind: 'boundary', negated: false };
      if (this.#take('B')) return { kind: 'boundary', negated: true };
      return { kind: 'set', set: this.#escape() };
    }
    if (this.#sees('*') || this.#sees('+') || this.#sees('?')) throw new PatternError('repeats nothing');
    return { kind: 'set', set: only(this.#character()) };
  }

  #group(): Regex {
    if (this.#match(GROUP) === null) {
      for (const look of ['(?=', '(?!', '(?<=', '(?<!'])
        if (this.#source.startsWith(look, this.#at))
          throw new PatternError(`looks around with "${look}", which does not run in linear time`);
      if (this.#source.startsWith('(?', this.#at)) throw new PatternError('has a kind of group that is not supported');
      this.#at += 1;
    }
    const body = this.choice();
    if (!this.#take(')')) throw new PatternError('has a "(" without ")"');
    // Kept as one part, so that a quantifier behind it takes all of it.
    return body.kind === 'sequence' && body.parts.length === 1 ? body : { kind: 'sequence', parts: [body] };
  }

  /** What follows a backslash, outside of brackets and inside. */
  #escape(): CharacterSet {
    const property = this.#match(PROPERTY);
    if (property !== null) {
      const [, letter, name = ''] = property;
      const found = findProperty(name);
      if (found === null) throw new PatternError(`has the unknown or unsupported property \\${letter}{${name}}`);
      return { negated: false, ranges: [], properties: [{ ...found, negated: letter === 'P' }] };
    }
    const hex = this.#match(HEX);
    if (hex !== null) return only(this.#pair(Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '', 16), hex[2] !== undefined));
    const letter = this.#source[this.#at];
    if (letter === undefined) throw new PatternError('ends in a backslash');
    if (letter === 'k' || /[1-9]/.test(letter)) throw new PatternError(`refers back with "\\${letter}", which does not run in linear time`);
    this.#at += 1;
    const shorthand = SHORTHANDS[letter];
    if (shorthand !== undefined) return any(shorthand);
    const control = CONTROLS[letter];
    if (control !== undefined) return only(control);
    if (letter === 'c') {
      const named = this.#source[this.#at] ?? '';
      this.#at += 1;
      if (/^[a-zA-Z]$/.test(named)) return only(named.charCodeAt(0) % 32);
    }
    if (/[a-zA-Z0-9]/.test(letter)) throw new PatternError(`has the unknown escape "\\${letter}"`);
    this.#at -= 1;
    return only(this.#character());
  }

  /** Two escaped halves of a surrogate pair are one character. */
  #pair(unit: number, isUnit: boolean): number {
    if (unit > 0x10ffff) throw new PatternError('has a character beyond the last one of Unicode');
    if (!isUnit || unit < 0xd800 || unit >= 0xdc00) return unit;
    const before = this.#at;
    const low = this.#take('\\') ? this.#match(HEX) : null;
    const second = Number.parseInt(low?.[2] ?? '', 16);
    if (second >= 0xdc00 && second < 0xe000) return 0x10000 + (unit - 0xd800) * 0x400 + (second - 0xdc00);
    this.#at = before;
    return unit;
  }

  #class(): CharacterSet {
    const negated = this.#take('^');
    const sets: CharacterSet[] = [];
    while (!this.#take(']')) {
      if (this.done) throw new PatternError('has a "[" without "]"');
      const first = this.#classMember();
      if (this.#sees('-') && this.#source[this.#at + 1] !== ']' && this.#at + 1 < this.#source.length) {
        this.#at += 1;
        const last = this.#classMember();
        const [from, to] = [single(first), single(last)];
        if (from === null || to === null) throw new PatternError('has a range from or to something that is not one character');
        if (from > to) throw new PatternError('has a range that is out of order');
        sets.push(only(from, to));
      } else sets.push(first);
    }
    return { negated, ranges: sets.flatMap((set) => set.ranges), properties: sets.flatMap((set) => set.properties) };
  }

  #classMember(): CharacterSet {
    if (!this.#take('\\')) return only(this.#character());
    if (this.#take('b')) return only(8);
    return this.#escape();
  }

  #character(): number {
    const point = this.#source.codePointAt(this.#at);
    if (point === undefined) throw new PatternError('ends too early');
    this.#at += point > 0xffff ? 2 : 1;
    return point;
  }

  #sees(text: string): boolean {
    return this.#source.startsWith(text, this.#at);
  }

  #take(text: string): boolean {
    if (!this.#sees(text)) return false;
    this.#at += text.length;
    return true;
  }

  #match(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#source);
    if (found !== null) this.#at += found[0].length;
    return found;
  }
}

/** The only character of a set, if it is one. */
function single({ ranges: [range, ...others], properties }: CharacterSet): number | null {
  if (range === undefined || others.length > 0 || properties.length > 0 || range[0] !== range[1]) return null;
  return range[0];
}

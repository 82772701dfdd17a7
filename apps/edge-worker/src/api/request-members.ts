/** Reads the members of a small request body, collecting every error before it refuses. */
import type { Json, JsonObject } from '@errand/core/json';
import { Problem, type FieldError } from './problem.ts';
import { escapePointer } from './json-pointer.ts';

/** A body under reading. Each reader gives a value or notes why not; {@link RequestMembers.done} throws what was noted. */
export class RequestMembers {
  readonly #body: JsonObject;
  readonly #at: string;
  readonly #errors: FieldError[];

  constructor(body: JsonObject, members: readonly string[], at = '#', errors: FieldError[] = []) {
    this.#body = body;
    this.#at = at;
    this.#errors = errors;
    for (const member of Object.keys(body)) if (!members.includes(member)) this.refuse(member, 'is not a member of this request');
  }

  get(member: string): Json | undefined {
    return Object.hasOwn(this.#body, member) ? this.#body[member] : undefined;
  }

  /** Notes what is wrong with a member, or with what `path` names below it. */
  refuse(member: string, detail: string, ...path: readonly number[]): undefined {
    this.#errors.push({ pointer: [this.#at, escapePointer(member), ...path].join('/'), detail });
  }

  /** A text of 1 to `most` characters. */
  text(member: string, most: number): string {
    const value = this.get(member);
    if (typeof value === 'string' && value.length > 0 && value.length <= most) return value;
    this.refuse(member, value === undefined ? 'is required' : `must be a text of 1 to ${most} characters`);
    return '';
  }

  /** A whole number from `least` to `most`; `fallback` where it is left out. */
  wholeNumber(member: string, least: number, most: number, fallback: number): number {
    const value = this.get(member) ?? fallback;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    this.refuse(member, `must be a whole number from ${least} to ${most}`);
    return fallback;
  }

  boolean(member: string, fallback: boolean): boolean {
    const value = this.get(member) ?? fallback;
    if (typeof value === 'boolean') return value;
    this.refuse(member, 'must be true or false');
    return fallback;
  }

  /** Throws the problem that names every error, when there is any. */
  done(): void {
    if (this.#errors.length > 0)
      throw new Problem(422, 'input_invalid', 'The request was not understood. Nothing was changed.', { errors: this.#errors });
  }
}

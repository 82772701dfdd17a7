/** The task types of the service: those in code, which every namespace has, and those that a namespace has published. */
import type { Json } from '@errand/core/json';
import type { TaskError } from '@errand/core/task';
import { typeRef, type TaskType } from '@errand/core/task-type';
import type { CompileCache } from '@errand/core/validator/compile-cache';
import type { ValidationError, Validator } from '@errand/core/validator/validator';
import { escapePointer } from './api/json-pointer.ts';
import type { FieldError } from './api/problem.ts';
import type { Checked, CheckedType, ListedType, OutputCheck, Publication, Types, TypesPosition } from './api/service.ts';
import { canonicalJson } from './canonical-json.ts';
import type { PublishedType, TaskTypes, TypePosition } from './catalog/task-types.ts';
import type { CodeType, CodeTypes } from './code-types.ts';

/** Faults of an invalid output that are kept with the attempt's error. */
const MAX_KEPT_ERRORS = 20;

export interface TypesDeps {
  readonly code: CodeTypes;
  readonly catalog: TaskTypes;
  readonly schemas: CompileCache;
  readonly now: () => number;
}

export function createTypes({ code, catalog, schemas, now }: TypesDeps): Types {
  // Validators are kept as long as the catalog keeps the row that they were made from.
  const checkedOf = new WeakMap<PublishedType, CheckedType>();
  const checkedCode = new Map(code.all.map((one) => [one, checkedType(one)]));

  function checkPublished(published: PublishedType): CheckedType {
    const known = checkedOf.get(published);
    if (known !== undefined) return known;
    const { type, createdAt } = published;
    const checked = checkedType({ type, createdAt, input: compiled(type.inputSchema), output: compiled(type.outputSchema) });
    checkedOf.set(published, checked);
    return checked;
  }

  function compiled(schema: Json): Validator {
    const result = schemas.compile(schema);
    if (!result.ok) throw new Error(`A published schema no longer compiles: ${result.faults[0]?.pointer} ${result.faults[0]?.detail}`);
    return result.validator;
  }

  async function find(namespace: string, name: string, version?: number): Promise<CheckedType | undefined> {
    const highest = version ?? (await catalog.highest(namespace, name, code.versions(name)[0]?.type.version, now()));
    if (highest === undefined) return undefined;
    const inCode = code.find(name, highest);
    if (inCode !== undefined) return checkedCode.get(inCode);
    const published = await catalog.find(namespace, name, highest);
    return published === undefined ? undefined : checkPublished(published);
  }

  return {
    find,
    async checkOutput(namespace, name, version, output) {
      const checked = await find(namespace, name, version);
      // Only system tasks have a type that is not found, and their outputs are the service's own.
      if (checked === undefined) return { ok: true, output };
      return outputCheck(checked.type, await checked.checkOutput(output));
    },
    list: (namespace, after, limit) => listTypes(code, catalog, namespace, after, limit),
    async versions(namespace, name, before, limit) {
      const inCode = code.versions(name).filter(({ type }) => type.version < before);
      const published = await catalog.versions(namespace, name, before, limit);
      return [...inCode.map(({ type }) => ({ type })), ...published.map(listed)]
        .sort((a, b) => b.type.version - a.type.version)
        .slice(0, limit);
    },
    async publish(namespace, type, digest) {
      const inCode = code.find(type.name, type.version);
      if (inCode !== undefined) return publicationOf(sameType(inCode.type, type) ? 'same' : 'taken', inCode);
      const mine: PublishedType = { type, digest, createdAt: now() };
      if (await catalog.insert(namespace, mine)) return publicationOf('created', mine);
      const known = await catalog.find(namespace, type.name, type.version);
      if (known === undefined) throw new Error('A type that could not be inserted is not there.');
      return publicationOf(known.digest === digest || sameType(known.type, type) ? 'same' : 'taken', known);
    },
  };
}

async function listTypes(
  code: CodeTypes,
  catalog: TaskTypes,
  namespace: string,
  after: TypesPosition | null,
  limit: number,
): Promise<{ items: ListedType[]; next: TypesPosition | undefined }> {
  const published = after?.inCode === undefined ? await catalog.list(namespace, after?.published ?? null, limit + 1) : [];
  const page: ListedType[] = published.slice(0, limit).map(listed);
  if (published.length > limit) return { items: page, next: { published: positionOf(page.at(-1)) } };
  const from = after?.inCode ?? 0;
  const rest = code.all.slice(from, from + limit - page.length);
  const next = from + rest.length;
  return { items: [...page, ...rest.map(({ type }) => ({ type }))], next: next < code.all.length ? { inCode: next } : undefined };
}

function checkedType({ type, createdAt, input, output }: CodeType & { readonly createdAt?: number }): CheckedType {
  return {
    type,
    ...(createdAt === undefined ? {} : { createdAt }),
    checkInput: (value) => check(input, value, '#/input'),
    checkOutput: (value) => check(output, value, '#/output'),
  };
}

async function check(validator: Validator, value: Json, root: string): Promise<Checked> {
  const result = await validator.validate(value);
  return result.ok ? result : { ok: false, errors: result.errors.map((error) => fieldErrorOf(error, root)) };
}

/**
 * The error of a missing member points at the member, not at the object that lacks it: a form shows it there, and schemas in code do
 * the same.
 */
function fieldErrorOf({ pointer, detail, keyword, params }: ValidationError, root: string): FieldError {
  const { missing, property } = params ?? {};
  const named = keyword === undefined ? {} : { keyword };
  if (typeof missing !== 'string') return { pointer: `${root}${pointer}`, detail, ...named };
  const because = typeof property === 'string' ? ` beside "${property}"` : '';
  return { pointer: `${root}${pointer}/${escapePointer(missing)}`, detail: `is required${because}`, ...named };
}

function outputCheck(type: TaskType, checked: Checked): OutputCheck {
  if (checked.ok) return { ok: true, output: checked.value };
  const [first] = checked.errors;
  const error: TaskError = {
    code: 'output_invalid',
    message: `The output does not fit the schema of ${typeRef(type)}: ${first?.pointer ?? ''} ${first?.detail ?? ''}`,
    retryable: type.onInvalidOutput === 'retry',
    details: checked.errors.slice(0, MAX_KEPT_ERRORS).map((one) => ({ ...one })),
  };
  return { ok: false, errors: checked.errors, error };
}

/**
 * Says whether two definitions mean the same, whatever the order of their members. A handler left out is the one of the type's own
 * name.
 */
function sameType(a: TaskType, b: TaskType): boolean {
  const whole = (type: TaskType): string => canonicalJson({ ...type, handler: type.handler ?? typeRef(type) });
  return whole(a) === whole(b);
}

function publicationOf(outcome: Publication['outcome'], type: ListedType): Publication {
  return { outcome, listed: listed(type) };
}

function listed({ type, createdAt }: ListedType): ListedType {
  return { type, ...(createdAt === undefined ? {} : { createdAt }) };
}

function positionOf(last: ListedType | undefined): TypePosition {
  return { createdAt: last?.createdAt ?? 0, name: last?.type.name ?? '', version: last?.type.version ?? 0 };
}

/**
 * Expressions in CEL (https://cel.dev): how a caller tells the service what to compute from data, in routing rules and in the
 * templates of `template.ts`. They are compiled when they are saved, so a bad one is never stored, and their evaluation is
 * bounded, because whoever writes one is not trusted.
 */
import { Environment, type ASTNode } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { isJsonObject, type Json } from './json.ts';

/** Characters of one expression. */
export const MAX_EXPRESSION_LENGTH = 2_000;
/** Steps (about 30 ns each) of one evaluation. Macros such as `all` and `map` walk lists, and nested ones multiply. */
const MAX_STEPS = 1_000_000;
const LIMITS = { maxAstNodes: 500, maxDepth: 32, maxListElements: 200, maxMapEntries: 200, maxCallArguments: 16 };
/** Characters of text that weigh as much as one item of a list. */
const CHARACTERS_A_STEP = 64;
/** Macros that walk a list. */
const WALKS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/** The variables of one evaluation, by name. */
export type Scope = Readonly<Record<string, unknown>>;

export interface Expression {
  readonly text: string;
  /** An upper bound of the steps that an evaluation over `scope` takes. */
  steps(scope: Scope): number;
  /** The value as JSON. Throws {@link ExpressionFault} where a member is missing, a type is wrong, or it would take too many steps. */
  evaluate(scope: Scope): Json;
}

/** The data did not fit an expression, or would have cost too much. */
export class ExpressionFault extends Error {
  override readonly name = 'ExpressionFault';
}

/** Something compiled, or what is wrong with its text, in words. */
export type Compiled<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly detail: string };

/** Compiles an expression that may use the variables `names` and no others. */
export function compileExpression(text: string, names: readonly string[]): Compiled<Expression> {
  if (text.length > MAX_EXPRESSION_LENGTH) return { ok: false, detail: `has more than ${MAX_EXPRESSION_LENGTH} characters` };
  try {
    const environment = environmentOf(names);
    const parsed = environment.parse(linearPatterns(text, environment.parse(text).ast));
    const checked = parsed.check();
    if (!checked.valid) return { ok: false, detail: firstLine(checked.error) };
    const steps = stepsOf(parsed.ast);
    return { ok: true, value: { text, steps, evaluate: (scope) => evaluate(text, parsed, steps(scope), scope) } };
  } catch (fault) {
    return { ok: false, detail: firstLine(fault) };
  }
}

function evaluate(text: string, parsed: (scope: Record<string, unknown>) => unknown, steps: number, scope: Scope): Json {
  if (steps > MAX_STEPS) throw new ExpressionFault(`"${text}" would walk lists of this length for too long`);
  try {
    return toJson(parsed({ ...scope }));
  } catch (fault) {
    throw new ExpressionFault(`"${text}": ${firstLine(fault)}`);
  }
}

const ARITHMETIC: readonly (readonly [string, (a: number, b: number) => number])[] = [
  ['+', (a, b) => a + b],
  ['-', (a, b) => a - b],
  ['*', (a, b) => a * b],
  ['/', (a, b) => a / b],
  ['%', (a, b) => a % b],
];
const environments = new Map<string, Environment>();

/** Environments are costly and hold nothing of an evaluation, so each set of names has one. */
function environmentOf(names: readonly string[]): Environment {
  const key = names.join(' ');
  const known = environments.get(key);
  if (known !== undefined) return known;
  const environment = new Environment({ homogeneousAggregateLiterals: false, enableOptionalTypes: true, limits: LIMITS });
  for (const name of names) environment.registerVariable(name, 'dyn');
  // JSON has one kind of number: what is written `2` in an expression meets what came as `1.5`.
  for (const [operator, apply] of ARITHMETIC) {
    environment.registerOperator(`double ${operator} int`, (a: number, b: bigint) => apply(a, Number(b)));
    environment.registerOperator(`int ${operator} double`, (a: bigint, b: number) => apply(Number(a), b));
  }
  environment.registerFunction('string.matchesLinear(string): bool', (value: string, pattern: string) =>
    RE2JS.compile(pattern).matcher(value).find(),
  );
  environments.set(key, environment);
  return environment;
}

/**
 * The library's `matches` backtracks, so a pattern can make it run for years. Calls of it are renamed to a function that takes linear
 * time.
 */
function linearPatterns(text: string, ast: ASTNode): string {
  const places: number[] = [];
  visit(ast, (node) => {
    if (node.op === 'rcall' && node.args[0] === 'matches') places.push(node.args[1].end);
  });
  let result = text;
  for (const place of places.sort((a, b) => b - a)) {
    const rest = result.slice(place);
    result = result.slice(0, place) + rest.replace(/matches/, 'matchesLinear');
  }
  return result;
}

/**
 * Bounds the steps of an expression: the length of the longest list (in scope or written in the expression, times the `+` that may
 * join it with itself), to the power of how deep walks are nested.
 */
function stepsOf(ast: ASTNode): (scope: Scope) => number {
  const depth = Math.max(1, walkDepth(ast));
  let written = 1;
  let joins = 1;
  visit(ast, (node) => {
    if (node.op === 'list') written = Math.max(written, node.args.length);
    if (node.op === '+') joins += 1;
  });
  return (scope) => (Math.max(written, longestIn(scope)) * joins) ** depth;
}

function walkDepth(node: unknown): number {
  if (Array.isArray(node)) return node.reduce((most: number, one) => Math.max(most, walkDepth(one)), 0);
  if (typeof node !== 'object' || node === null) return 0;
  const { op, args } = node as { op?: string; args?: unknown };
  const walks = (op === 'rcall' && Array.isArray(args) && WALKS.has(String(args[0]))) || op === 'in';
  return (walks ? 1 : 0) + walkDepth(args);
}

function visit(node: unknown, see: (node: ASTNode) => void): void {
  if (Array.isArray(node)) for (const one of node) visit(one, see);
  else if (typeof node === 'object' && node !== null && 'op' in node) {
    see(node as ASTNode);
    visit((node as ASTNode).args, see);
  }
}

/** Items of the longest list, or what the longest text weighs. */
function longestIn(value: unknown): number {
  let longest = 1;
  const open: unknown[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === 'string') longest = Math.max(longest, next.length / CHARACTERS_A_STEP);
    if (typeof next !== 'object' || next === null) continue;
    const members: unknown[] = Array.isArray(next) ? next : Object.values(next);
    longest = Math.max(longest, members.length);
    for (const member of members) if (typeof member !== 'number') open.push(member);
  }
  return longest;
}

/** CEL's integers are BigInts, its maps and lists may hold them; JSON has neither, nor dates. */
function toJson(value: unknown): Json {
  if (typeof value === 'bigint') return Number(value);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new ExpressionFault('the value is not a finite number');
    return value;
  }
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, member]) => [String(key), toJson(member)]));
  if (isJsonObject(value) && (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null))
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toJson(member)]));
  throw new ExpressionFault('the value is nothing that JSON can hold');
}

function firstLine(fault: unknown): string {
  return (fault instanceof Error ? fault.message : String(fault)).split('\n')[0] ?? '';
}

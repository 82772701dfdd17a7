/**
 * Templates: JSON whose strings may hold expressions, `${…}`. A string that is a single expression becomes its value, of any
 * type; a string with several, or with text around one, stays text. Names of members are never templates.
 */
import { compileExpression, type Compiled, type Expression, type Scope } from './expression.ts';
import { isJsonObject, type Json } from './json.ts';

export interface Template {
  /** The JSON with every expression evaluated. Throws `ExpressionFault` where the data does not fit. */
  render(scope: Scope): Json;
}

/** Compiles a JSON value over the variables `names`. Gives the first fault; `template-faults.ts` finds them all. */
export function compileTemplate(value: Json, names: readonly string[]): Compiled<Template> {
  if (typeof value === 'string') return compileText(value, names);
  if (Array.isArray(value))
    return compileMembers(
      value.map((member: Json, i: number) => [String(i), member] as const),
      names,
      (members) => members.map(([, member]) => member),
    );
  if (isJsonObject(value)) return compileMembers(Object.entries(value), names, (members) => Object.fromEntries(members));
  return { ok: true, value: { render: () => value } };
}

function compileMembers(
  members: readonly (readonly [string, Json])[],
  names: readonly string[],
  join: (members: [string, Json][]) => Json,
): Compiled<Template> {
  const compiled: [string, Template][] = [];
  for (const [key, member] of members) {
    const one = compileTemplate(member, names);
    if (!one.ok) return { ok: false, detail: `${key}: ${one.detail}` };
    compiled.push([key, one.value]);
  }
  return { ok: true, value: { render: (scope) => join(compiled.map(([key, template]) => [key, template.render(scope)])) } };
}

/** A text with expressions in it, each of whose values goes through `write`, such as the escaping that a URL's path needs. */
export interface TextTemplate {
  render(scope: Scope, write: (value: Json) => string): string;
}

/** Compiles a text over the variables `names`. Unlike in a {@link Template}, a single expression gives text, too. */
export function compileTextTemplate(text: string, names: readonly string[]): Compiled<TextTemplate> {
  const parts = compileParts(text, names);
  if (!parts.ok) return parts;
  return {
    ok: true,
    value: {
      render: (scope, write) => parts.value.map((part) => (typeof part === 'string' ? part : write(part.evaluate(scope)))).join(''),
    },
  };
}

function compileText(text: string, names: readonly string[]): Compiled<Template> {
  const parts = compileParts(text, names);
  if (!parts.ok) return parts;
  const [only] = parts.value;
  if (parts.value.length === 1 && typeof only === 'object') return { ok: true, value: { render: (scope) => only.evaluate(scope) } };
  return {
    ok: true,
    value: { render: (scope) => parts.value.map((part) => (typeof part === 'string' ? part : asText(part.evaluate(scope)))).join('') },
  };
}

function compileParts(text: string, names: readonly string[]): Compiled<readonly (string | Expression)[]> {
  const parts = splitTemplate(text);
  if (parts === undefined) return { ok: false, detail: `"${text}" opens \${ and does not close it` };
  const compiled: (string | Expression)[] = [];
  for (const part of parts) {
    if (typeof part === 'string') {
      compiled.push(part);
      continue;
    }
    const expression = compileExpression(part.expression, names);
    if (!expression.ok) return { ok: false, detail: `"${part.expression}" ${expression.detail}` };
    compiled.push(expression.value);
  }
  return { ok: true, value: compiled };
}

/** A value as text: texts as they are, everything else as JSON. */
export function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Texts and expressions in order, or `undefined` when a `${` is never closed. Braces and quotes inside an expression are respected. */
function splitTemplate(text: string): (string | { readonly expression: string })[] | undefined {
  const parts: (string | { expression: string })[] = [];
  let from = 0;
  for (let open = text.indexOf('${'); open !== -1; open = text.indexOf('${', from)) {
    if (open > from) parts.push(text.slice(from, open));
    const close = closingBrace(text, open + 2);
    if (close === undefined) return undefined;
    parts.push({ expression: text.slice(open + 2, close) });
    from = close + 1;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

function closingBrace(text: string, from: number): number | undefined {
  let depth = 0;
  let quote = '';
  for (let i = from; i < text.length; i++) {
    const character = text.charAt(i);
    if (quote !== '') {
      if (character === '\\') i += 1;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      if (depth === 0) return i;
      depth -= 1;
    }
  }
  return undefined;
}

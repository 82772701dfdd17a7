/** Finds every fault in a template when it is saved, each with its place, so that its author can mend all of them at once. */
import { isJsonObject, type Json } from './json.ts';
import { compileTemplate } from './template.ts';

export interface TemplateFault {
  /** Members and indexes that lead to the text. */
  readonly path: readonly (string | number)[];
  readonly detail: string;
}

/** Texts with `${…}` in one template. Compiling each is work, and a body of 1 MiB could hold very many. */
export const MAX_TEMPLATE_TEXTS = 200;

/** Faults of `value` as a template over the variables `names`; empty when it compiles. */
export function templateFaults(value: Json, names: readonly string[]): TemplateFault[] {
  const texts: { path: readonly (string | number)[]; text: string }[] = [];
  collect(value, [], texts);
  if (texts.length > MAX_TEMPLATE_TEXTS) return [{ path: [], detail: `has more than ${MAX_TEMPLATE_TEXTS} texts with \${…} in them` }];
  return texts.flatMap(({ path, text }) => {
    const compiled = compileTemplate(text, names);
    return compiled.ok ? [] : [{ path, detail: compiled.detail }];
  });
}

function collect(value: Json, path: readonly (string | number)[], texts: { path: readonly (string | number)[]; text: string }[]): void {
  if (typeof value === 'string') {
    if (value.includes('${')) texts.push({ path, text: value });
  } else if (Array.isArray(value)) value.forEach((member: Json, i) => collect(member, [...path, i], texts));
  else if (isJsonObject(value)) for (const [name, member] of Object.entries(value)) collect(member, [...path, name], texts);
}

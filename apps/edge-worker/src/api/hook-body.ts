/** A hook as a request writes it. */
import { z } from '@hono/zod-openapi';
import type { JsonObject } from '@errand/core/json';
import { compileHookRules, type HookRule } from '../webhooks/hook-rules.ts';
import { PRESET_NAMES, presetOf, type PresetName } from '../webhooks/preset.ts';
import { json, jsonObject, text } from './fields.ts';
import { escapePointer } from './json-pointer.ts';
import { invalid, parseBody } from './parse-body.ts';
import { Problem, type FieldError } from './problem.ts';

/** One in use and one that replaces it, or is replaced by it. */
const MAX_SECRETS = 2;
const MAX_RULES = 20;
const MAX_TEMPLATE = 4_000;
const template = text(MAX_TEMPLATE);

const SubmitSchema = z.strictObject({
  type: text(200),
  version: z.int().min(1).optional(),
  input: json,
  priority: z.union([z.int().min(1).max(5), template]).optional(),
  tags: z.array(template).optional(),
  metadata: jsonObject.optional(),
  callbackUrl: template.optional(),
});
const RuleSchema = z
  .strictObject({
    when: template.optional(),
    submit: SubmitSchema.optional(),
    complete: z.strictObject({ correlation: template, output: json.default('${event}') }).optional(),
  })
  .refine(
    ({ submit, complete }) => (submit === undefined) !== (complete === undefined),
    'must have exactly one of "submit" and "complete"',
  );

export const HookBodySchema = z.strictObject({
  name: text(100),
  preset: z.enum(PRESET_NAMES),
  secrets: z.array(text(1_024)).min(1, 'must hold one secret or two').max(MAX_SECRETS, 'must hold one secret or two'),
  options: jsonObject.default({}),
  on: z.array(RuleSchema).min(1, 'must hold at least one rule').max(MAX_RULES, `must hold at most ${MAX_RULES} rules`),
});

export interface HookBody {
  readonly name: string;
  readonly preset: PresetName;
  readonly secrets: readonly string[];
  readonly options: JsonObject;
  readonly on: readonly HookRule[];
}

const REFUSAL = 'The hook was not created.';

/** Reads a hook; its preset must be one that this service has, and its templates must compile. */
export function readHook(body: JsonObject): HookBody {
  const hook = parseBody(HookBodySchema, body, REFUSAL) as HookBody;
  const preset = presetOf(hook.preset);
  if (preset === undefined)
    throw new Problem(422, 'unsupported_preset', `The preset "${hook.preset}" is not supported yet. ${REFUSAL}`, {
      errors: [{ pointer: '#/preset', detail: 'is not supported yet' }],
    });
  const errors: FieldError[] = preset.optionFaults(hook.options).map(({ member, detail }) => ({
    pointer: `#/options/${escapePointer(member)}`,
    detail,
  }));
  hook.secrets.forEach((secret, i) => {
    const detail = preset.secretFault(secret);
    if (detail !== undefined) errors.push({ pointer: `#/secrets/${i}`, detail });
  });
  const compiled = compileHookRules(hook.on);
  if (!compiled.ok) errors.push(...compiled.faults.map(({ pointer, detail }) => ({ pointer: `#/on${pointer}`, detail })));
  if (errors.length > 0) throw invalid(REFUSAL, errors);
  return hook;
}

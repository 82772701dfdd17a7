import { z } from '@hono/zod-openapi';
import { compileRules, type RoutingRule } from '@errand/router/rule';
import { digestOf } from '../../canonical-json.ts';
import type { SavedRules } from '../../catalog/routing-rules.ts';
import { defineEndpoint } from '../endpoint.ts';
import { lets, tagsIn } from '../entity-tags.ts';
import { text, texts } from '../fields.ts';
import { invalid, parseBody } from '../parse-body.ts';
import { Problem } from '../problem.ts';
import { readJsonObject } from '../read-body.ts';
import { answers, body } from '../schemas.ts';

/** Rules of a namespace: every submit tries them in order. */
const MAX_RULES = 50;
const pattern = text(120).regex(/^[\w.@-]+\*?$/, 'must be a name, or the beginning of names and "*"');

const RuleSchema = z
  .strictObject({
    name: text(60)
      .regex(/^[a-z0-9][a-z0-9-]*$/, 'must be small letters, digits and "-"')
      .refine((name) => name !== 'default', '"default" is the rule of tasks that none matches'),
    kind: z.enum(['automated', 'manual', 'integration']).optional(),
    type: pattern.optional(),
    namespace: pattern.optional(),
    tags: texts(32, 128).optional(),
    when: text(2_000).optional().openapi({ example: '${input.amount > 1000}' }),
    route: z.strictObject({
      lane: text(40)
        .regex(/^[a-z0-9][a-z0-9-]*$/, 'must be small letters, digits and "-"')
        .optional(),
      priority: z.int().min(1).max(5).optional(),
    }),
  })
  .openapi('RoutingRule');
const RulesBody = z
  .strictObject({ rules: z.array(RuleSchema).max(MAX_RULES, `must be at most ${MAX_RULES} rules`) })
  .openapi('RoutingRules');
const SavedSchema = z.object({ rules: z.array(RuleSchema), updatedAt: z.iso.datetime().nullable() });

/** Reads the rules of the namespace, in order. */
export const readRoutingRules = defineEndpoint({
  method: 'get',
  path: '/v1/routing-rules',
  scope: 'tasks:read',
  docs: { summary: 'Read the routing rules', tags: ['Routing'], responses: answers(200, 'The rules, in order', SavedSchema) },
  handle: async ({ service, namespace }) => rulesResponse(await service.rules.read(namespace.name)),
});

/** Replaces all rules of the namespace. */
export const replaceRoutingRules = defineEndpoint({
  method: 'put',
  path: '/v1/routing-rules',
  scope: 'namespaces:write',
  docs: {
    summary: 'Replace the routing rules',
    description:
      'The first rule that matches a task decides its route when it is submitted. `lane` sends automated tasks to remote workers that poll it; `priority` is that of tasks submitted without one. In force everywhere within ten seconds. `If-Match` is honoured.',
    tags: ['Routing'],
    request: body(RulesBody),
    responses: answers(200, 'The rules, in order', SavedSchema),
  },
  async handle({ service, namespace, request }) {
    const refusal = 'The routing rules were not changed.';
    const rules = parseBody(RulesBody, await readJsonObject(request), refusal).rules as readonly RoutingRule[];
    const compiled = compileRules(rules);
    if (!compiled.ok)
      throw invalid(
        refusal,
        compiled.faults.map(({ pointer, detail }) => ({ pointer: `#/rules${pointer}`, detail })),
      );
    const match = request.headers.get('if-match');
    const tags = tagsIn(match);
    const seen = tags === undefined || tags === '*' ? undefined : await service.rules.read(namespace.name);
    const now = service.now();
    if ((seen !== undefined && !lets(match, etagOf(seen))) || !(await service.rules.save(namespace.name, rules, now, seen)))
      throw new Problem(412, 'revision_mismatch', 'The rules have changed meanwhile. Read them again.');
    return rulesResponse({ rules, updatedAt: now });
  },
});

function rulesResponse(saved: SavedRules): Response {
  const { rules, updatedAt } = saved;
  return Response.json(
    { rules, updatedAt: updatedAt === undefined ? null : new Date(updatedAt).toISOString() },
    { headers: { etag: etagOf(saved) } },
  );
}

function etagOf({ rules }: SavedRules): string {
  return `"${digestOf(rules)}"`;
}

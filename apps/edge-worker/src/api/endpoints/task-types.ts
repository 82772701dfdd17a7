import { z } from '@hono/zod-openapi';
import type { TaskType } from '@errand/core/task-type';
import { notFound } from '../addressed.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { defineEndpoint } from '../endpoint.ts';
import { answerPage, pageQuery, readLimit } from '../page.ts';
import { invalid } from '../parse-body.ts';
import { Problem } from '../problem.ts';
import { readJsonObject } from '../read-body.ts';
import { readTaskType, TaskTypeBody } from '../read-task-type.ts';
import { answers, body, pageOf } from '../schemas.ts';
import type { Types, TypesPosition } from '../service.ts';
import { taskTypeView } from '../task-type-view.ts';
import { type TypeCompatibility, typeCompatibility } from '../type-compatibility.ts';
import { digestOf } from '../../canonical-json.ts';

/**
 * The largest body of a type: 256 KiB. A type is read and its schemas are compiled at the first submit to each process, which waits
 * for it.
 */
const MAX_TYPE_BYTES = 262_144;

const TaskTypeSchema = z
  .object({ name: z.string(), version: z.int(), kind: z.string(), source: z.enum(['code', 'api']), createdAt: z.iso.datetime().optional() })
  .loose()
  .openapi('TaskType');

const byName = { params: z.object({ name: z.string() }) };

/** Publishes a task type. It never changes afterwards. */
export const publishTaskType = defineEndpoint({
  method: 'post',
  path: '/v1/task-types',
  scope: 'types:write',
  docs: {
    summary: 'Publish a task type',
    description:
      'Immutable as `name@version`: the same body again answers 200, another one 409. Schemas and templates are compiled, and every fault in them is named. A version that would refuse inputs of the one before, or give outputs that one could not, is 409 unless `force` is `true`.',
    tags: ['Task types'],
    request: { ...body(TaskTypeBody), query: z.object({ force: z.enum(['true', 'false']).optional() }) },
    responses: { ...answers(201, 'The type', TaskTypeSchema), 200: { description: 'The type, which was there already' } },
  },
  async handle({ service, namespace, request, query }) {
    const { force = 'false' } = query;
    if (force !== 'true' && force !== 'false') throw new Problem(400, 'invalid_query', 'The parameter "force" must be true or false.');
    const sent = await readJsonObject(request, MAX_TYPE_BYTES);
    const read = readTaskType(sent, service);
    if (!read.ok) throw invalid('The task type was not published.', read.errors);
    const compatibility = await compatibilityOf(service.types, namespace.name, read.type);
    if (compatibility !== undefined && compatibility.breaks.length > 0 && force !== 'true') {
      const detail = `${compatibility.previous} and this version are not compatible. Publish it with ?force=true if those who use it know.`;
      throw new Problem(409, 'incompatible_schema', detail, { errors: compatibility.breaks });
    }
    const { outcome, listed } = await service.types.publish(namespace.name, read.type, digestOf(sent));
    const ref = `${read.type.name}@${read.type.version}`;
    if (outcome === 'taken')
      throw new Problem(409, 'type_exists', `There is another ${ref}, and types do not change. Publish the next version.`);
    return Response.json(compatibility === undefined ? taskTypeView(listed) : { ...taskTypeView(listed), compatibility }, {
      status: outcome === 'created' ? 201 : 200,
      headers: { location: `/v1/task-types/${ref}` },
    });
  },
});

/** What a new version changes for those who use the one before it; `undefined` for the first version, or one that is published already. */
async function compatibilityOf(types: Types, namespace: string, type: TaskType): Promise<TypeCompatibility | undefined> {
  if ((await types.find(namespace, type.name, type.version)) !== undefined) return undefined;
  const [previous] = await types.versions(namespace, type.name, type.version, 1);
  return previous === undefined ? undefined : typeCompatibility(previous.type, type);
}

/** All types that tasks of the namespace may have. */
export const listTaskTypes = defineEndpoint({
  method: 'get',
  path: '/v1/task-types',
  scope: 'tasks:read',
  docs: {
    summary: 'List task types',
    description: 'Every version of every type, newest first; those defined in code come last.',
    tags: ['Task types'],
    request: { query: pageQuery },
    responses: answers(200, 'A page', pageOf(TaskTypeSchema)),
  },
  async handle({ service, namespace, query }) {
    const about = `${namespace.name} task-types`;
    const position = readCursor(service.cursorKey, about, query['cursor']);
    const after = position === null ? null : (JSON.parse(position) as TypesPosition);
    const { items, next } = await service.types.list(namespace.name, after, readLimit(query));
    const nextCursor = next === undefined ? null : writeCursor(service.cursorKey, about, JSON.stringify(next));
    return Response.json({ items: items.map(taskTypeView), nextCursor });
  },
});

/** One type: `name@version`, or `name` for its highest version. */
export const readOneTaskType = defineEndpoint({
  method: 'get',
  path: '/v1/task-types/{name}',
  scope: 'tasks:read',
  docs: {
    summary: 'Read a task type',
    description: '`name@version`, or `name` for its highest version.',
    tags: ['Task types'],
    request: byName,
    responses: answers(200, 'The type', TaskTypeSchema),
  },
  async handle({ service, namespace, params }) {
    const match = /^([^@]+)(?:@([1-9]\d{0,9}))?$/.exec(params['name'] ?? '');
    const [, name = '', version] = match ?? [];
    const found = await service.types.find(namespace.name, name, version === undefined ? undefined : Number(version));
    if (found === undefined) throw notFound();
    return Response.json(taskTypeView(found));
  },
});

/** Every version of a type, highest first. */
export const listTaskTypeVersions = defineEndpoint({
  method: 'get',
  path: '/v1/task-types/{name}/versions',
  scope: 'tasks:read',
  docs: {
    summary: 'List the versions of a task type',
    tags: ['Task types'],
    request: { ...byName, query: pageQuery },
    responses: answers(200, 'A page, highest first', pageOf(TaskTypeSchema)),
  },
  handle(call) {
    const { service, namespace, params } = call;
    const name = params['name'] ?? '';
    return answerPage(call, {
      about: `${namespace.name} task-types ${name}`,
      async read(position, limit) {
        const below = position === null ? Number.MAX_SAFE_INTEGER : Number(position);
        const versions = await service.types.versions(namespace.name, name, below, limit);
        if (position === null && versions.length === 0) throw notFound();
        return versions;
      },
      positionOf: ({ type }) => String(type.version),
      viewOf: taskTypeView,
    });
  },
});

/** What the request of every verb may have: a reason in its body, and in `If-Match` the revision of the task that the caller saw. */
import type { Actor } from '@errand/core/actor';
import type { JsonObject } from '@errand/core/json';
import { actorOf } from './actor.ts';
import { addressed } from './addressed.ts';
import type { KeyedCall } from './endpoint.ts';
import { tagsIn } from './entity-tags.ts';
import { escapePointer } from './json-pointer.ts';
import { invalid, unknownMember } from './parse-body.ts';
import type { FieldError } from './problem.ts';
import { readOptionalObject } from './read-body.ts';

const MAX_REASON_LENGTH = 1_000;

export interface VerbRequest {
  readonly body: JsonObject;
  /** Members that every command carries. */
  readonly asked: { readonly actor: Actor; readonly reason?: string; readonly ifRevision?: number };
}

/** Reads the request of a verb, whose body may be left out. Throws a 422 for members other than `reason` and `members`. */
export async function readVerb(call: KeyedCall, members: readonly string[] = []): Promise<VerbRequest> {
  const { request, caller } = call;
  const body = await readOptionalObject(request);
  const errors: FieldError[] = Object.keys(body)
    .filter((member) => member !== 'reason' && !members.includes(member))
    .map((member) => unknownMember(`#/${escapePointer(member)}`));
  const { reason } = body;
  if (reason !== undefined && (typeof reason !== 'string' || reason.length > MAX_REASON_LENGTH))
    errors.push({ pointer: '#/reason', detail: `must be a text of at most ${MAX_REASON_LENGTH} characters` });
  if (errors.length > 0) throw invalid('The request was not understood. Nothing was changed.', errors);
  const ifRevision = await revisionDemanded(call);
  return {
    body,
    asked: {
      actor: actorOf(caller),
      ...(typeof reason === 'string' ? { reason } : {}),
      ...(ifRevision === undefined ? {} : { ifRevision }),
    },
  };
}

/**
 * The revision that `If-Match` demands. The ledger compares one: of several it is the one the task has just now, and a change
 * in between is noticed as any other.
 */
async function revisionDemanded(call: KeyedCall): Promise<number | undefined> {
  const tags = tagsIn(call.request.headers.get('if-match'));
  if (tags === undefined || tags === '*') return undefined;
  const named = tags.flatMap(({ isWeak, value }) => (isWeak || !REVISION.test(value) ? [] : [Number(value)]));
  if (named.length < 2) return named[0] ?? NO_REVISION;
  const { ledger, id } = addressed(call);
  const current = (await ledger.read([id]))[0]?.revision;
  return named.find((revision) => revision === current) ?? NO_REVISION;
}

/** How a revision is written, and no other way: `"01"` is the tag of no task. */
const REVISION = /^[1-9]\d{0,14}$/;
/** The revision of no task: they begin at 1. */
const NO_REVISION = 0;

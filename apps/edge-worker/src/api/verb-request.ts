/** What the request of every verb may have: a reason in its body, and in `If-Match` the revision of the task that the caller saw. */
import type { Actor } from '@errand/core/actor';
import type { JsonObject } from '@errand/core/json';
import { actorOf } from './actor.ts';
import type { KeyedCall } from './endpoint.ts';
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
  const ifRevision = ifMatch(request);
  return {
    body,
    asked: {
      actor: actorOf(caller),
      ...(typeof reason === 'string' ? { reason } : {}),
      ...(ifRevision === undefined ? {} : { ifRevision }),
    },
  };
}

/** The revision in `If-Match`; `undefined` for `*`, which matches every one. A tag that no task can have gives -1, which matches none. */
function ifMatch(request: Request): number | undefined {
  const match = request.headers.get('if-match');
  if (match === null || match.trim() === '*') return undefined;
  return Number(/^"(\d{1,15})"$/.exec(match.trim())?.[1] ?? -1);
}

/**
 * How the members of a task are split over its row: what it has in common with others, what submit decided of it alone, and what
 * changes. Each is a literal with every member by its name, for they are made for every write of a task, and a loop over members
 * costs as much as writing them out. A member that a task does not have is `undefined`, which `JSON.stringify` leaves out.
 */
import type { Task, TaskBase, TaskSpec } from '../task.ts';

type MemberOf<T> = T extends unknown ? keyof T : never;
type TaskMember = MemberOf<Task>;
type StateMember = Exclude<TaskMember, keyof TaskSpec>;
/** A task of whatever status. */
type AnyTask = TaskBase & { readonly [Member in Exclude<TaskMember, keyof TaskBase>]?: unknown };
type Members<Member extends TaskMember> = Readonly<Record<Member, unknown>>;

/** None of them is asked for in SQL, but as a column. */
export type CommonMember = 'namespace' | 'type' | 'version' | 'kind' | 'priority' | 'retry' | 'timeouts' | 'route' | 'system';

/** What tasks of a type have in common. Their texts are compared, so the order counts. */
export function commonOf(spec: TaskSpec): Members<CommonMember> {
  return {
    namespace: spec.namespace,
    type: spec.type,
    version: spec.version,
    kind: spec.kind,
    priority: spec.priority,
    retry: spec.retry,
    timeouts: spec.timeouts,
    route: spec.route,
    system: spec.system,
  };
}

/** What submit decided of this task alone. `__proto__` in a payload stays a member: payloads are not copied, only referred to. */
export function ownOf(spec: TaskSpec): Members<Exclude<keyof TaskSpec, CommonMember>> {
  return {
    id: spec.id,
    input: spec.input,
    tags: spec.tags,
    metadata: spec.metadata,
    ttlMs: spec.ttlMs,
    retentionMs: spec.retentionMs,
    callbackUrl: spec.callbackUrl,
    idempotencyKey: spec.idempotencyKey,
    candidates: spec.candidates,
    dueAt: spec.dueAt,
    replayOf: spec.replayOf,
    createdAt: spec.createdAt,
  };
}

/** What changes. */
export function stateOf(task: AnyTask): Members<StateMember> {
  return {
    status: task.status,
    attempt: task.attempt,
    generation: task.generation,
    revision: task.revision,
    sequence: task.sequence,
    fence: task.fence,
    updatedAt: task.updatedAt,
    scheduledAt: task.scheduledAt,
    scheduledFor: task.scheduledFor,
    startedAt: task.startedAt,
    error: task.error,
    sharedLosses: task.sharedLosses,
    lease: task.lease,
    cancelRequestedAt: task.cancelRequestedAt,
    pauseRequested: task.pauseRequested,
    manual: task.manual,
    wait: task.wait,
    retryAt: task.retryAt,
    pausedAt: task.pausedAt,
    resumeTo: task.resumeTo,
    endedAt: task.endedAt,
    output: task.output,
    forced: task.forced,
  };
}

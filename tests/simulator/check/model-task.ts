/**
 * A task as the promises describe it, written without a look at the lifecycle's own code: which event may follow which,
 * who may cause it, and not before when. The simulator feeds it every stored event; what it does not allow is a violation.
 */
import type { TaskEvent } from '@errand/core/event';
import type { Json } from '@errand/core/json';
import type { Status, TaskError, TaskSpec } from '@errand/core/task';
import { ADMINS, AFTER_A_CANCEL, mayTake, WHILE_PAUSED } from './model-rules.ts';
import { violate } from './violation.ts';

/** What the model asks of the world around the task. */
export interface Surroundings {
  /** Not before this may the attempt of `fence` count as lost: its executor was told so, or the object has just begun its life. */
  leaseHolds(fence: number): number;
  /** Says whether this result was really given by the attempt of `fence`, or by this person. */
  given(result: Json | undefined, by: { readonly fence?: number; readonly person?: string }): boolean;
  /** Says whether this is the output of an event with that correlation. */
  sent(output: Json | undefined, correlation: string | undefined): boolean;
  /** The output in the task's row; events do not repeat it. */
  output(): Json | undefined;
}

/** The executor is known to have ended: its lease holds no longer, whatever was written. */
export const GONE = Number.NEGATIVE_INFINITY;

/** What was at one revision. */
export interface Snapshot {
  readonly status: Status;
  readonly at: number;
  readonly holder: string | undefined;
  readonly generation: number;
}

/** How long an executor has to stop after a cancel. */
const CANCEL_GRACE_MS = 10_000;

export class ModelTask {
  /** As it was submitted. */
  readonly submitted: TaskSpec;
  /** As it is: options may have been changed. */
  spec: TaskSpec;
  status: Status = 'queued';
  attempt = 0;
  generation = 1;
  fence = 0;
  sequence = 0;
  sharedLosses = 0;
  holder: string | undefined;
  /** Revisions so far: `history[0]` is revision 1. */
  readonly history: Snapshot[] = [];
  /** Fences whose result was refused, once for each refusal. */
  readonly refused: number[] = [];
  /** Fences whose word was taken, once for each word. */
  readonly heard: number[] = [];
  /** Generations that ended, with how. */
  readonly endings: { readonly generation: number; readonly status: Status }[] = [];
  /** Generations in which a running attempt was asked to stop. */
  readonly cancelAsked = new Set<number>();
  lease: { readonly startedAt: number; readonly until: number; readonly worker: string } | undefined;
  wait:
    | {
        readonly fence: number;
        readonly until: number | undefined;
        readonly correlation: string | undefined;
        readonly meeting: string | undefined;
      }
    | undefined;
  cancelRequestedAt: number | undefined;
  retryAt: number | undefined;
  scheduledAt = 0;
  dueAt: number | undefined;
  startedAt: number | undefined;
  /** When it ended last. */
  endedAt: number | undefined;
  #resumeTo: Status = 'queued';
  #pausePromised = false;

  constructor(spec: TaskSpec) {
    this.submitted = spec;
    this.spec = spec;
  }

  get ended(): boolean {
    return !['scheduled', 'queued', 'running', 'waiting', 'retrying', 'paused'].includes(this.status);
  }

  /** Takes the next event, or reports which promise it breaks. */
  accept(event: TaskEvent, around: Surroundings): void {
    if (event.sequence !== this.sequence + 1) this.#no('15', `event ${event.sequence} follows ${this.sequence}`);
    this.sequence = event.sequence;
    this.#change(event, around);
    this.history.push({ status: this.status, at: event.at, holder: this.holder, generation: this.generation });
  }

  /** Looks at a task after a commit: between the events of one, more is allowed than after it. */
  settle(): void {
    if (this.#pausePromised && this.status !== 'running') this.#no('12', `a pause was promised, and it is ${this.status}`);
  }

  /** The earliest timer that must fire by itself, epoch ms. `leaseHolds` is as in {@link Surroundings}. */
  earliestTimer(leaseHolds: number): number | undefined {
    if (this.ended) return undefined;
    const { timeouts, ttlMs, kind } = this.spec;
    const timers: (number | undefined)[] = [];
    if (this.cancelRequestedAt !== undefined) return Math.min(this.cancelRequestedAt + CANCEL_GRACE_MS, this.#leaseEnd(leaseHolds));
    if (timeouts.scheduleToCloseMs !== undefined) timers.push(this.scheduledAt + timeouts.scheduleToCloseMs);
    if (this.startedAt === undefined && kind !== 'manual' && timeouts.scheduleToStartMs !== undefined)
      timers.push(this.scheduledAt + timeouts.scheduleToStartMs);
    if (this.startedAt === undefined && ttlMs !== undefined) timers.push(this.scheduledAt + ttlMs);
    if (this.status === 'scheduled') timers.push(this.dueAt);
    if (this.status === 'retrying') timers.push(this.retryAt);
    if (this.status === 'waiting') timers.push(this.wait?.until);
    if (this.status === 'running') timers.push(this.#leaseEnd(leaseHolds), this.#attemptEnd());
    const set = timers.filter((at) => at !== undefined);
    return set.length === 0 ? undefined : Math.min(...set);
  }

  #leaseEnd(leaseHolds: number): number {
    return leaseHolds === GONE ? 0 : Math.max(this.lease?.until ?? 0, leaseHolds);
  }

  #attemptEnd(): number | undefined {
    const { startToCloseMs } = this.spec.timeouts;
    return startToCloseMs === undefined || this.lease === undefined ? undefined : this.lease.startedAt + startToCloseMs;
  }

  #change(event: TaskEvent, around: Surroundings): void {
    const { change, at } = event;
    if (this.ended && change.type !== 'task.redriven' && change.type !== 'task.result_refused')
      this.#no('3', `${change.type} after it had ended ${this.status}`);
    if (this.cancelRequestedAt !== undefined && !AFTER_A_CANCEL.has(change.type))
      this.#no('12', `${change.type} after a cancel was promised`);
    if (this.status === 'paused' && !WHILE_PAUSED.has(change.type)) this.#no('12', `${change.type} while it is paused`);
    switch (change.type) {
      case 'task.submitted':
        if (event.sequence !== 1) this.#no('8', 'it was submitted twice');
        this.dueAt = change.scheduledFor;
        this.scheduledAt = change.scheduledFor ?? at;
        this.#to(change.scheduledFor === undefined ? this.#ready() : 'scheduled');
        return;
      case 'task.due':
        if (this.status === 'scheduled') this.#notBefore(at, this.dueAt, 'its start');
        else if (this.status === 'retrying') this.#notBefore(at, this.retryAt, 'its retry');
        else this.#no('3', `it became due while ${this.status}`);
        this.#to(this.#ready());
        return;
      case 'task.started':
        return this.#started(event);
      case 'task.waiting':
        this.#attemptSays('task.waiting');
        this.wait = { fence: this.fence, until: change.until, correlation: change.correlation, meeting: change.meeting };
        if (change.until === undefined && this.spec.timeouts.scheduleToCloseMs === undefined) this.#no('3', 'it waits without an end');
        this.#to('waiting');
        return;
      case 'task.requeued':
        this.#lost(at, around);
        if (this.sharedLosses > 0) this.#no('3', 'a second shared loss used no attempt');
        this.sharedLosses += 1;
        this.attempt -= 1;
        this.#to('queued');
        return;
      case 'task.retrying':
        this.#failed(change.error, change.cause, at, around);
        this.#retries(change.error, at, change.retryAt);
        this.#to('retrying');
        return;
      case 'task.failed':
        this.#failed(change.error, change.cause, at, around);
        this.#ends('failed', at);
        return;
      case 'task.completed':
        return this.#completed(event, around);
      case 'task.timed_out':
        return this.#timedOut(change.error, at);
      case 'task.expired':
        if (this.startedAt !== undefined) this.#no('3', 'it expired after its start');
        this.#notBefore(at, this.scheduledAt + (this.spec.ttlMs ?? Number.POSITIVE_INFINITY), 'its ttl');
        this.#ends('expired', at);
        return;
      case 'task.result_refused':
        if (this.#holds(change.fence)) this.#no('4', 'the result of the attempt that holds the task was refused');
        this.refused.push(change.fence);
        return;
      default:
        return this.#asked(event, around);
    }
  }

  #asked(event: TaskEvent, around: Surroundings): void {
    const { change, at } = event;
    switch (change.type) {
      case 'task.cancel_requested':
        if (this.status !== 'running') this.#no('12', `a cancel was only promised while ${this.status}`);
        this.cancelRequestedAt = at;
        this.cancelAsked.add(this.generation);
        return;
      case 'task.canceled':
        if (this.status === 'running' && this.cancelRequestedAt === undefined)
          this.#no('12', 'it was canceled over the head of its executor');
        if (change.forced)
          this.#notBefore(
            at,
            Math.min((this.cancelRequestedAt ?? 0) + CANCEL_GRACE_MS, this.#leaseEnd(around.leaseHolds(this.fence))),
            'the grace of a cancel',
          );
        this.#ends('canceled', at);
        return;
      case 'task.pause_requested':
        if (this.status !== 'running') this.#no('3', `a pause was only promised while ${this.status}`);
        this.#pausePromised = true;
        return;
      case 'task.paused':
        return this.#paused(event, around);
      case 'task.updated':
        this.spec = { ...this.spec, ...change.options };
        return;
      case 'task.resumed':
        if (this.status === 'running' && this.#pausePromised) {
          this.#pausePromised = false;
          return;
        }
        if (this.status !== 'paused') this.#no('3', `it was resumed while ${this.status}`);
        this.#to(this.#resumeTo);
        return;
      case 'task.rescheduled':
        if (this.startedAt !== undefined) this.#no('3', 'it was rescheduled after its start');
        this.dueAt = change.scheduledFor;
        this.scheduledAt = change.scheduledFor;
        this.#to('scheduled');
        return;
      case 'task.retried_now':
        if (this.status !== 'retrying' && this.status !== 'scheduled') this.#no('3', `it was retried while ${this.status}`);
        this.#to(this.#ready());
        return;
      case 'task.redriven':
        if (!this.ended || this.status === 'completed') this.#no('3', `it was redriven while ${this.status}`);
        this.generation += 1;
        this.attempt = 0;
        this.sharedLosses = 0;
        this.startedAt = undefined;
        this.scheduledAt = at;
        this.#to(this.#ready());
        return;
      case 'task.claimed':
        if (this.spec.kind !== 'manual' || this.status !== 'waiting') this.#no('7', `it was claimed while ${this.status}`);
        if (this.holder !== undefined) this.#no('7', `${change.person.id} claimed what ${this.holder} holds`);
        if (!mayTake(this.spec, change.person)) this.#no('7', `${change.person.id} is no candidate`);
        this.holder = change.person.id;
        this.startedAt ??= at;
        return;
      case 'task.released':
        if (this.holder === undefined) this.#no('7', 'it was released by nobody');
        if (event.actor.id !== this.holder && !ADMINS.has(event.actor.id))
          this.#no('7', `${event.actor.id} released what ${this.holder} holds`);
        this.holder = undefined;
        return;
      case 'task.skipped':
        if (this.status === 'running') this.#no('3', 'it was skipped while running');
        this.#ends('skipped', at);
        return;
      default:
        this.#no('3', `nobody knows ${change.type}`);
    }
  }

  #started(event: TaskEvent): void {
    const { change, at } = event;
    if (change.type !== 'task.started') return;
    if (this.status !== 'queued') this.#no('4', `an attempt began while it was ${this.status}`);
    if (change.fence !== this.fence + 1) this.#no('4', `fence ${change.fence} follows ${this.fence}`);
    if ((this.spec.route.executor === 'worker') === change.worker.startsWith('service'))
      this.#no('3', `${change.worker} began what is for ${this.spec.route.executor}`);
    if (this.startedAt === undefined && this.spec.ttlMs !== undefined && at >= this.scheduledAt + this.spec.ttlMs)
      this.#no('11', `it started ${at - this.scheduledAt - this.spec.ttlMs} ms after its time to live`);
    this.fence = change.fence;
    this.attempt += 1;
    if (this.attempt > this.spec.retry.maxAttempts) this.#no('3', `attempt ${this.attempt} of ${this.spec.retry.maxAttempts}`);
    this.#to('running');
    this.lease = { startedAt: at, until: change.until, worker: change.worker };
    this.startedAt ??= at;
  }

  #completed(event: TaskEvent, around: Surroundings): void {
    const output = around.output();
    if (this.spec.kind === 'manual') {
      if (this.status !== 'waiting' || this.holder === undefined) this.#no('7', `it was completed while nobody held it (${this.status})`);
      if (event.actor.id !== this.holder) this.#no('7', `${event.actor.id} completed what ${this.holder} holds`);
      if (!around.given(output, { person: this.holder ?? '' })) this.#no('7', `its output is not what ${this.holder} gave`);
    } else {
      this.#attemptSays('task.completed');
      const byEvent = event.actor.kind === 'hook';
      const isRight = byEvent ? around.sent(output, this.wait?.correlation) : around.given(output, { fence: this.fence });
      if (!isRight && !this.#isOurOwn()) this.#no('4', `its output is not what attempt ${this.fence} gave`);
    }
    this.#ends('completed', event.at);
  }

  #timedOut(error: TaskError, at: number): void {
    const { scheduleToCloseMs, scheduleToStartMs } = this.spec.timeouts;
    if (error.code === 'timeout.schedule_to_start') {
      if (this.startedAt !== undefined) this.#no('3', 'it timed out before a start that it had');
      this.#notBefore(at, this.scheduledAt + (scheduleToStartMs ?? Number.POSITIVE_INFINITY), 'scheduleToStart');
    } else this.#notBefore(at, this.scheduledAt + (scheduleToCloseMs ?? Number.POSITIVE_INFINITY), 'scheduleToClose');
    this.#ends('timed_out', at);
  }

  #paused(event: TaskEvent, around: Surroundings): void {
    const { change, at } = event;
    if (change.type !== 'task.paused') return;
    const { status } = this;
    if (change.error !== undefined) {
      this.#failed(change.error, change.cause ?? 'failed', at, around);
      this.#retries(change.error, at, change.retryAt ?? at);
      this.#resumeTo = 'retrying';
    } else if (status === 'running') this.#no('12', 'it was paused over the head of its executor');
    else if (status !== 'paused') this.#resumeTo = status;
    const kept = { wait: this.wait, holder: this.holder, retryAt: this.retryAt };
    this.#to('paused');
    if (this.#resumeTo === 'waiting') Object.assign(this, { wait: kept.wait, holder: kept.holder });
    if (this.#resumeTo === 'retrying') this.retryAt = kept.retryAt;
  }

  /** An attempt ended without a result: by its own word, by time, or by silence. */
  #failed(error: TaskError, cause: string, at: number, around: Surroundings): void {
    if (this.spec.kind === 'manual') {
      if (this.status !== 'waiting' || this.holder === undefined) this.#no('7', 'it was failed while nobody held it');
      return;
    }
    if (error.code === 'lease_lost' || error.code === 'timeout.heartbeat') return this.#lost(at, around);
    if (cause === 'timed_out') {
      if (this.status === 'running') this.#notBefore(at, this.#attemptEnd(), 'startToClose');
      else this.#notBefore(at, this.wait?.until, 'the end of its wait');
      return;
    }
    this.#attemptSays('an attempt’s failure');
    if (error.code === 'sim.failed' || error.code === 'sim.final') {
      if (!around.given(error.details, { fence: this.fence })) this.#no('4', `its failure is not what attempt ${this.fence} gave`);
    }
  }

  #lost(at: number, around: Surroundings): void {
    if (this.status !== 'running') this.#no('4', `an attempt was lost while it was ${this.status}`);
    this.#notBefore(at, this.#leaseEnd(around.leaseHolds(this.fence)), 'its lease');
  }

  #retries(error: TaskError, at: number, retryAt: number): void {
    const { retry } = this.spec;
    if (this.attempt >= retry.maxAttempts) this.#no('3', `another attempt after ${this.attempt} of ${retry.maxAttempts}`);
    if (!error.retryable || retry.nonRetryableCodes.includes(error.code)) this.#no('3', `another attempt after ${error.code}`);
    const longestMs = Math.max(retry.maxIntervalMs, ...(retry.scheduleMs ?? []));
    if (retryAt < at || retryAt > at + longestMs) this.#no('11', `a retry after ${retryAt - at} ms`);
    this.retryAt = retryAt;
  }

  #attemptSays(what: string): void {
    this.heard.push(this.fence);
    if (!this.#holds(this.fence)) this.#no('4', `${what} while no attempt holds it (${this.status})`);
  }

  /** A task of the service that carries an event: what it answers with is for people only. */
  #isOurOwn(): boolean {
    return this.spec.system && this.spec.kind === 'automated';
  }

  #holds(fence: number): boolean {
    if (this.status === 'running') return fence === this.fence;
    return (this.status === 'waiting' || this.status === 'paused') && this.wait?.fence === fence;
  }

  #ready(): Status {
    return this.spec.kind === 'manual' ? 'waiting' : 'queued';
  }

  #ends(status: Status, at: number): void {
    this.endedAt = at;
    this.endings.push({ generation: this.generation, status });
    this.#to(status);
  }

  #to(status: Status): void {
    const retryAt = this.status === 'paused' || status === 'retrying' ? this.retryAt : undefined;
    const resumes = this.status === 'paused' && status === 'waiting';
    this.status = status;
    this.retryAt = status === 'retrying' || status === 'paused' ? retryAt : undefined;
    if (status !== 'waiting') this.wait = undefined;
    if (status !== 'waiting' || !resumes) this.holder = undefined;
    if (status !== 'running') this.lease = undefined;
    this.cancelRequestedAt = undefined;
    if (status === 'paused' || this.ended) this.#pausePromised = false;
  }

  #notBefore(at: number, earliest: number | undefined, what: string): void {
    if (earliest === undefined || at < earliest) this.#no('11', `${what} came ${(earliest ?? Number.NaN) - at} ms early`);
  }

  #no(promise: string, detail: string): void {
    violate(promise, `${this.spec.id} (${this.spec.type}): ${detail}.`);
  }
}

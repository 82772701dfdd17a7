/**
 * What performs the work: handlers in code and services elsewhere, as they are. They succeed, fail, throw, hang, hang
 * deaf to every signal, give nonsense, or take the work and finish it later: by the token, or by an event.
 */
import type { Json } from '@errand/core/json';
import type { Outcome } from '@errand/core/outcome';
import type { Assignment } from '@errand/core/assignment';
import type { Objects } from '@errand/core/ledger-object';
import type { Task } from '@errand/core/task';
import { meetingOf } from '@errand/edge-worker/address';
import { NonRetryableError, TaskFailure, type TaskDefinition } from '@errand/executors/automated/define-task';
import type { Executor } from '@errand/executors/executor';
import type { Life } from '../world/agenda.ts';
import { command, NAMESPACE, objectsFor, type Scene } from './scene.ts';
import type { Senders } from './senders.ts';
import { FINAL_CODE } from './specs.ts';

/** Keys under which several tasks may wait at a time. */
const SHARED_KEYS = 2;

export class ThirdParty {
  readonly #scene: Scene;
  readonly #senders: Senders;
  readonly #life: Life = { name: 'third party', alive: true };
  readonly #objects: Objects;
  readonly #onFinish: (task: Task) => void;

  /** `onFinish` hears of work in the very moment in which it is about to end. */
  constructor(scene: Scene, senders: Senders, onFinish: (task: Task) => void) {
    this.#scene = scene;
    this.#senders = senders;
    this.#objects = objectsFor(scene, this.#life);
    this.#onFinish = onFinish;
  }

  /** The handler of automated tasks. */
  readonly handler: TaskDefinition = {
    name: 'sim.work',
    version: 1,
    input: anything,
    output: anything,
    run: async (ctx) => {
      const { task, signal } = ctx;
      this.#scene.evidence.acts(task.id, task.fence);
      await this.#works(signal);
      if (this.#scene.world.load.chance(0.3)) {
        ctx.heartbeat({ step: ctx.attempt });
        ctx.log.info('half done');
      }
      await this.#pause(0, 3_000);
      this.#onFinish(task);
      return this.#result(task);
    },
  };

  /** The executor of integration tasks, the service's own callbacks among them. */
  readonly executor: Executor = {
    perform: async (assignment, work) => {
      const { task } = assignment;
      this.#scene.evidence.acts(task.id, task.fence);
      await this.#works(work.signal);
      await this.#pause(0, 2_000);
      this.#onFinish(task);
      if (task.system) return this.#outcome(task);
      if (this.#scene.world.profile.eventful) return this.#promisesAnEvent(assignment);
      const draw = this.#scene.world.load.next();
      return draw < 0.3 ? this.#takes(assignment) : draw < 0.75 ? this.#promisesAnEvent(assignment) : this.#outcome(task);
    },
  };

  /** Finishes what waits and was forgotten: for the end of a run, when everybody is honest. */
  finish(task: Task): void {
    if (task.status !== 'waiting' || task.wait === undefined) return;
    const { fence, correlation } = task.wait;
    if (correlation !== undefined) this.#senders.send(correlation);
    else void this.#callBack(task, fence, { kind: 'completed', output: this.#output(task, fence) });
  }

  async #works(signal: AbortSignal): Promise<void> {
    const { world } = this.#scene;
    if (world.fault('executor.deaf')) return new Promise(() => {});
    if (!world.fault('executor.hung')) return;
    await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
  }

  async #pause(lowMs: number, highMs: number): Promise<void> {
    const { world } = this.#scene;
    const draw = world.load.next();
    await world.sleep(this.#life, draw < 0.5 ? world.latencyMs() : world.between(lowMs, highMs));
  }

  #result(task: Task): Json {
    const { world, evidence } = this.#scene;
    if (world.fault('executor.threw')) throw world.load.chance(0.5) ? new TypeError('oops') : new Error('the handler broke');
    if (world.fault('executor.failed')) {
      const details = evidence.result({ taskId: task.id, fence: task.fence });
      if (world.load.chance(0.2)) throw new NonRetryableError('never', { code: FINAL_CODE, details: { ...details } });
      throw new TaskFailure('not now', { code: 'sim.failed', details: { ...details } });
    }
    return world.fault('executor.invalid') ? { invalid: true } : this.#output(task, task.fence);
  }

  #outcome(task: Task): Outcome {
    const { world, evidence } = this.#scene;
    if (world.fault('executor.failed')) {
      const final = world.load.chance(0.2);
      const error = {
        code: final ? FINAL_CODE : 'sim.failed',
        message: 'not now',
        retryable: !final,
        details: { ...evidence.result({ taskId: task.id, fence: task.fence }) },
      };
      return { kind: 'failed', error, ...(world.load.chance(0.3) ? { nextRetryDelayMs: world.between(0, 20_000) } : {}) };
    }
    return { kind: 'completed', output: this.#output(task, task.fence) };
  }

  #output(task: Task, fence: number): Json {
    const text = 'y'.repeat(this.#scene.world.load.chance(0.1) ? 5_000 : 4);
    return { ...this.#scene.evidence.result({ taskId: task.id, fence }), text };
  }

  /** Takes the work and finishes it later, by the attempt's token. */
  #takes({ task, fence }: Assignment): Outcome {
    const { world } = this.#scene;
    if (!world.fault('callback.lost')) {
      world.after(world.between(0, 8_000), this.#life, 'third party finishes', () => {
        void this.#callBack(task, fence, this.#outcome(task));
        if (world.fault('answered.twice')) void this.#callBack(task, fence, this.#outcome(task));
      });
    }
    return { kind: 'waiting', for: 'callback' };
  }

  /** Takes the work, and says later by an event that it is done; the event may come before the task waits. */
  #promisesAnEvent({ task }: Assignment): Outcome {
    const { world } = this.#scene;
    const correlation = world.load.chance(0.3) ? `shared-${world.load.between(1, SHARED_KEYS)}` : `${task.id}-${task.fence}`;
    if (world.fault('event.early')) this.#senders.send(correlation);
    else if (!world.fault('callback.lost'))
      world.after(world.between(0, 8_000), this.#life, 'third party sends an event', () => this.#senders.send(correlation));
    return { kind: 'waiting', for: 'event', correlation, meeting: meetingOf(NAMESPACE, correlation) };
  }

  async #callBack(task: Task, fence: number, outcome: Outcome): Promise<void> {
    const { world } = this.#scene;
    const actor = { kind: 'callback', id: 'third-party' } as const;
    for (let tries = 0; tries < 4; tries++) {
      try {
        await command(this.#objects, {
          taskId: task.id,
          command: { type: 'report', actor, fence, outcome, delayFraction: world.load.next() },
        });
        return;
      } catch {
        await world.sleep(this.#life, world.between(100, 4_000));
      }
    }
  }
}

const anything: TaskDefinition['input'] = {
  '~standard': { version: 1, vendor: 'simulator', validate: (value) => ({ value }) },
};

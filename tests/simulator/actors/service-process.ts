/** The process that performs what lanes deliver: the real shell and the service's real executors, in a process that can die. */
import { isJsonObject, type Json } from '@errand/core/json';
import { HOOK_TYPE, MATCH_TYPE } from '@errand/core/lifecycle/event-tasks';
import type { Assignment, LaneMessage } from '@errand/core/assignment';
import type { NearExecutor } from '@errand/core/ledger-platform';
import type { Task } from '@errand/core/task';
import { LEASE_MS, perform, performBegun, type PerformDeps } from '@errand/edge-worker/perform';
import { goneWorkers, serviceWorker } from '@errand/edge-worker/service-worker-name';
import { createAutomatedExecutor } from '@errand/executors/automated/automated-executor';
import type { Executor } from '@errand/executors/executor';
import type { Life } from '../world/agenda.ts';
import { createEventExecutors } from './event-service.ts';
import { objectsFor, hostNamed, type Scene } from './scene.ts';
import type { ThirdParty } from './third-party.ts';

/** Tasks the process takes from objects beside it at a time. */
const NEAR_ROOM = 2;

export class ServiceProcess {
  readonly #scene: Scene;
  readonly #thirdParty: ThirdParty;
  #life: Life = { name: 'service', alive: true };
  #lives = 1;
  #nearTasks = 0;

  constructor(scene: Scene, thirdParty: ThirdParty) {
    this.#scene = scene;
    this.#thirdParty = thirdParty;
  }

  /** Says of a worker that it was part of a process that has ended, where one process runs everything. */
  isGone(worker: string): boolean {
    return goneWorkers(String(this.#lives))?.(worker) ?? false;
  }

  /** This process as an object in it sees it. It takes a few tasks at a time; the rest come by their lane. */
  near(object: string): NearExecutor {
    return {
      worker: this.#worker(),
      leaseMs: LEASE_MS,
      room: () => (this.#life.alive ? Math.max(0, NEAR_ROOM - this.#nearTasks) : 0),
      take: (_lane, assignments) => this.#takes(object, assignments),
    };
  }

  #takes(object: string, assignments: readonly Assignment[]): void {
    const { world, network } = this.#scene;
    const life = this.#life;
    if (!life.alive) return;
    this.#nearTasks += assignments.length;
    network.sees(hostNamed(this.#scene, object), assignments);
    const done = (): void => {
      if (life === this.#life) this.#nearTasks -= assignments.length;
    };
    world.after(0, life, 'performs what is near', () => {
      performBegun(object, assignments, this.#deps(life)).then(done, done);
    });
  }

  #worker(): string {
    return serviceWorker(this.#scene.world.profile.oneProcess ? String(this.#lives) : undefined);
  }

  /** A lane delivers. While the process is down a message is lost, like one that was acknowledged before it died. */
  deliver(message: LaneMessage): void {
    const { world } = this.#scene;
    const life = this.#life;
    if (!life.alive) return;
    if (world.lines !== undefined) world.say(`${life.name} gets ${message.taskIds.map((id) => id.slice(-6)).join(' ')}`);
    // Timers the shell sets belong to this life.
    world.after(0, life, 'performs', () => {
      perform(message, this.#deps(life)).catch((fault: unknown) => console.warn('a batch was not performed', fault));
    });
  }

  /** Everything it was doing stops where it is. It comes back after a while, as another process. */
  crash(): void {
    const { world } = this.#scene;
    if (!this.#life.alive) return;
    this.#life.alive = false;
    this.#lives += 1;
    this.#nearTasks = 0;
    if (world.lines !== undefined) world.say(`${this.#life.name} dies`);
    world.after(world.between(10, 5_000), undefined, 'the service starts', () => {
      this.#life = { name: `service#${this.#lives}`, alive: true };
    });
  }

  #deps(life: Life): PerformDeps {
    const { world, network } = this.#scene;
    const automated = createAutomatedExecutor({
      handlers: new Map([['sim.work@1', this.#thirdParty.handler]]),
      handlerOf: async () => 'sim.work@1',
      now: () => world.agenda.now,
    });
    const events = createEventExecutors(this.#scene, objectsFor(this.#scene, life), checkOutput);
    const executorOf = (task: Task): Executor => {
      if (task.type === HOOK_TYPE) return events.hook;
      if (task.type === MATCH_TYPE) return events.match;
      return task.kind === 'integration' ? this.#thirdParty.executor : automated;
    };
    return {
      worker: this.#worker(),
      ledger: (object) => network.stub(life, hostNamed(this.#scene, object)),
      executor: executorOf,
      checkOutput: async (task, output) => checkOutput(task, output),
      now: () => world.agenda.now,
      random: () => world.load.next(),
    };
  }
}

type Checked = Awaited<ReturnType<PerformDeps['checkOutput']>>;

/** Output schemas of this world: whatever does not call itself invalid is valid. */
function checkOutput(task: { readonly priority: number }, output: Json): Checked {
  if (!isJsonObject(output) || output['invalid'] !== true) return { ok: true, output };
  return { ok: false, error: { code: 'output_invalid', message: '/invalid must not be', retryable: task.priority > 2 } };
}

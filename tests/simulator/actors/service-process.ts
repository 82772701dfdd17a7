/** The process that performs what lanes deliver: the real shell and the real executor of handlers, in a process that can die. */
import { perform, type PerformDeps } from '@errand/edge-worker/perform';
import { createAutomatedExecutor } from '@errand/executors/automated/automated-executor';
import { isJsonObject } from '@errand/core/json';
import type { LaneMessage } from '@errand/core/ports';
import type { Life } from '../world/agenda.ts';
import type { ObjectHost } from '../world/object-host.ts';
import type { Scene } from './scene.ts';
import type { ThirdParty } from './third-party.ts';

export class ServiceProcess {
  readonly #scene: Scene;
  readonly #thirdParty: ThirdParty;
  readonly #hosts: ReadonlyMap<string, ObjectHost>;
  #life: Life = { name: 'service', alive: true };
  #lives = 1;

  constructor(scene: Scene, thirdParty: ThirdParty) {
    this.#scene = scene;
    this.#thirdParty = thirdParty;
    this.#hosts = new Map([scene.ledger, scene.inbox].map((host) => [host.name, host]));
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
    if (world.fault('executor.crashed')) world.after(world.between(0, 4_000), life, 'dies', () => this.crash());
  }

  /** Everything it was doing stops where it is. It comes back after a while. */
  crash(): void {
    const { world } = this.#scene;
    if (!this.#life.alive) return;
    this.#life.alive = false;
    if (world.lines !== undefined) world.say(`${this.#life.name} dies`);
    world.after(world.between(10, 5_000), undefined, 'the service starts', () => {
      this.#lives += 1;
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
    return {
      worker: 'service',
      ledger: (object) => {
        const host = this.#hosts.get(object);
        if (host === undefined) throw new Error(`there is no object named ${object}`);
        return network.stub(life, host);
      },
      executor: (task) => (task.kind === 'integration' ? this.#thirdParty.executor : automated),
      checkOutput: async (task, output) =>
        isJsonObject(output) && output['invalid'] === true
          ? { ok: false, error: { code: 'output_invalid', message: '/invalid must not be', retryable: task.priority > 2 } }
          : { ok: true, output },
      now: () => world.agenda.now,
      random: () => world.load.next(),
    };
  }
}

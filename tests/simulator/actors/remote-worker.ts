/** A worker elsewhere: polls, works, gives signs of life, reports; falls silent, dies, reports twice, or lies about its attempt. */
import type { Outcome } from '@errand/core/outcome';
import type { Assignment } from '@errand/core/assignment';
import type { Life } from '../world/agenda.ts';
import { ledgersOf, objectName } from '@errand/edge-worker/address';
import { WORKER_LANE } from './specs.ts';
import { command, NAMESPACE, objectsFor, type Scene } from './scene.ts';

/** Added to a fence: a number no attempt will have. */
const NEVER_GIVEN = 1_000;

const LEDGERS = ledgersOf(NAMESPACE).map((address) => objectName(NAMESPACE.name, address)) as [string, ...string[]];

export class RemoteWorker {
  readonly #scene: Scene;
  readonly #name: string;
  #life: Life;
  /** It looks less often the longer nothing comes, up to this. */
  #idleMs = 1_000;

  constructor(scene: Scene, name: string) {
    this.#scene = scene;
    this.#name = name;
    this.#life = { name, alive: true };
    this.#start();
  }

  #start(): void {
    this.#scene.world.after(0, this.#life, `${this.#name} starts`, () => void this.#polls(this.#life));
  }

  async #polls(life: Life): Promise<void> {
    const { world } = this.#scene;
    const objects = objectsFor(this.#scene, life);
    for (let turn = 0; life.alive; turn++) {
      // An endpoint that is polled asks every ledger, and waits at one of them.
      const ledger = LEDGERS[turn % LEDGERS.length] ?? LEDGERS[0];
      try {
        if (turn % 3 === 0) await objects.get(ledger).waitForWork([WORKER_LANE], 5_000);
        const assignments = await objects.get(ledger).poll([WORKER_LANE], 2, this.#name);
        if (assignments.length > 0) this.#idleMs = 1_000;
        for (const assignment of assignments) void this.#works(life, assignment);
      } catch {
        // The next look comes all the same.
      }
      await world.sleep(life, this.#idleMs);
      this.#idleMs = Math.min(this.#idleMs * 2, world.calm ? 600_000 : 10_000);
    }
  }

  async #works(life: Life, { task, fence }: Assignment): Promise<void> {
    const { world, evidence } = this.#scene;
    evidence.acts(task.id, fence);
    if (world.fault('worker.died')) world.after(world.between(0, 3_000), life, `${this.#name} dies`, () => this.#dies());
    if (world.fault('worker.silent')) return;
    const lasts = world.load.between(1, 6);
    for (let beat = 0; beat < lasts; beat++) {
      await world.sleep(life, this.#pauseMs(task.timeouts.heartbeatMs));
      if (task.timeouts.heartbeatMs !== undefined && !(await this.#beats(life, task, fence))) return;
    }
    const given = evidence.result({ taskId: task.id, fence });
    const outcome: Outcome = world.fault('executor.failed')
      ? { kind: 'failed', error: { code: 'sim.failed', message: 'no', retryable: true, details: { ...given } } }
      : { kind: 'completed', output: { ...given } };
    if (world.fault('answered.stale')) await this.#reports(life, task, fence + (world.load.chance(0.5) ? NEVER_GIVEN : -1), outcome);
    await this.#reports(life, task, fence, outcome);
    if (world.fault('answered.twice')) await this.#reports(life, task, fence, outcome);
  }

  /** Between two signs of life: sometimes long enough to make the lease short. */
  #pauseMs(heartbeatMs: number | undefined): number {
    const { world } = this.#scene;
    return heartbeatMs !== undefined && world.load.chance(0.5)
      ? Math.round(heartbeatMs * (0.3 + 0.6 * world.load.next()))
      : world.between(10, 900);
  }

  async #beats(life: Life, task: Assignment['task'], fence: number): Promise<boolean> {
    const actor = { kind: 'worker', id: this.#name } as const;
    try {
      const beat = { type: 'heartbeat', actor, fence } as const;
      const result = await command(objectsFor(this.#scene, life), { taskId: task.id, command: beat });
      return result.ok;
    } catch {
      return true;
    }
  }

  async #reports(life: Life, task: Assignment['task'], fence: number, outcome: Outcome): Promise<void> {
    const { world } = this.#scene;
    const actor = { kind: 'worker', id: this.#name } as const;
    for (let tries = 0; tries < 4; tries++) {
      try {
        const report = { type: 'report', actor, fence, outcome, delayFraction: world.load.next() } as const;
        await command(objectsFor(this.#scene, life), { taskId: task.id, command: report });
        return;
      } catch {
        await world.sleep(life, world.between(50, 2_000));
      }
    }
  }

  #dies(): void {
    const { world } = this.#scene;
    if (!this.#life.alive) return;
    this.#life.alive = false;
    world.after(world.between(100, 5_000), undefined, `${this.#name} comes back`, () => {
      this.#life = { name: this.#name, alive: true };
      this.#start();
    });
  }
}

/** The globals that shells and waiters use, in virtual time. A simulation's thread runs nothing else, so it may own them. */
import type { Entry } from './agenda.ts';
import type { World } from './world.ts';

/** Puts timers, the clock and the console into `world` and gives back what restores them. */
export function installVirtualTimers(world: World): () => void {
  const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
  const { warn, error } = console;
  const { now } = Date;
  const clear = (timer: unknown): void => {
    if (timer !== undefined && timer !== null) (timer as { entry: Entry }).entry.canceled = true;
  };
  const repeat = (callback: () => void, everyMs: number): { entry: Entry } => {
    const life = world.agenda.current;
    const timer = {} as { entry: Entry };
    const next = (): void => {
      timer.entry = world.after(everyMs, life, 'interval', () => {
        next();
        callback();
      });
    };
    next();
    return timer;
  };
  Object.assign(globalThis, {
    setTimeout: (callback: () => void, delayMs = 0) => ({
      entry: world.after(Math.max(0, delayMs), world.agenda.current, 'timer', callback),
    }),
    clearTimeout: clear,
    setInterval: repeat,
    clearInterval: clear,
  });
  Date.now = () => world.agenda.now;
  const tell = (...values: unknown[]): void =>
    world.say(`   log: ${values.map((value) => (value instanceof Error ? value.message : String(value))).join(' ')}`);
  console.warn = tell;
  console.error = tell;
  return () => {
    Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval });
    Date.now = now;
    console.warn = warn;
    console.error = error;
  };
}

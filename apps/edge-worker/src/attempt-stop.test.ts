import { describe, expect, it } from 'vitest';
import { Stopped } from '@errand/executors/stopped';
import { AttemptStop } from './attempt-stop.ts';

describe('the stop of an attempt', () => {
  it('is heard by listeners and by the signal, with its reason', () => {
    const stop = new AttemptStop();
    const heard: Error[] = [];
    stop.whenRequested((reason) => heard.push(reason));
    const { signal } = stop;
    const reason = new Stopped('canceled', 'The task was canceled.');
    stop.request(reason);
    expect(heard).toEqual([reason]);
    expect([signal.aborted, signal.reason]).toEqual([true, reason]);
  });

  it('is heard by those who ask only afterwards', () => {
    const stop = new AttemptStop();
    const reason = new Stopped('lease_lost', 'The attempt lost its lease.');
    stop.request(reason);
    const heard: Error[] = [];
    stop.whenRequested((one) => heard.push(one));
    expect(heard).toEqual([reason]);
    expect([stop.signal.aborted, stop.signal.reason]).toEqual([true, reason]);
  });

  it('has one reason, the first', () => {
    const stop = new AttemptStop();
    const heard: string[] = [];
    stop.whenRequested(({ message }) => heard.push(message));
    stop.request(new Stopped('canceled', 'first'));
    stop.request(new Stopped('lease_lost', 'second'));
    expect(heard).toEqual(['first']);
    expect((stop.signal.reason as Error).message).toBe('first');
  });

  it('has one signal, however often it is looked at', () => {
    const stop = new AttemptStop();
    expect(stop.signal).toBe(stop.signal);
    expect(stop.signal.aborted).toBe(false);
  });
});

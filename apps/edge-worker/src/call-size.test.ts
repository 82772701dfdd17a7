import type { Command } from '@errand/core/command';
import { describe, expect, it } from 'vitest';
import { MAX_CALL_BYTES, splitIntoCalls } from './call-size.ts';

function reportOf(output: string): Command {
  const outcome = { kind: 'completed', output } as const;
  return { type: 'report', actor: { kind: 'worker', id: 'w' }, fence: 1, outcome, delayFraction: 0 };
}

/** How many items each call has. */
function sizes(outputs: readonly string[]): number[] {
  return splitIntoCalls(outputs, reportOf).map((call) => call.length);
}

describe('commands split into calls', () => {
  it('stay in their order', () => {
    const outputs = Array.from({ length: 600 }, (_, i) => String(i));
    expect(splitIntoCalls(outputs, reportOf).flat()).toEqual(outputs);
  });

  it('are at most 256 a call', () => {
    expect(sizes(Array.from({ length: 600 }, () => ''))).toEqual([256, 256, 88]);
  });

  it('weigh no more than a call carries', () => {
    const half = 'x'.repeat(MAX_CALL_BYTES / 2 - 1_000);
    expect(sizes([half, half, half])).toEqual([2, 1]);
  });

  it('travel alone where one is too large for any call', () => {
    expect(sizes(['', 'x'.repeat(MAX_CALL_BYTES + 1), ''])).toEqual([1, 1, 1]);
  });

  it('need no call where there are none', () => {
    expect(sizes([])).toEqual([]);
  });
});

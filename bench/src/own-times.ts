/** Reads a profile of V8: how much of the time each function had to itself. */

export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Functions by their own share of the time that was not idle, the largest first. */
export function ownTimes({ nodes, samples, timeDeltas }: CpuProfile): { readonly name: string; readonly shareOfTime: number }[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  samples.forEach((id, i) => {
    const name = names.get(id) ?? '?';
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[i] ?? 0));
  });
  times.delete('(idle)');
  const total = [...times.values()].reduce((sum, one) => sum + one, 0);
  return [...times].map(([name, time]) => ({ name, shareOfTime: time / total })).sort((a, b) => b.shareOfTime - a.shareOfTime);
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const place = url === '' ? '' : ` ${url.split('/').at(-1)}:${lineNumber + 1}`;
  return `${functionName === '' ? '(anonymous)' : functionName}${place}`;
}

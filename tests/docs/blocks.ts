/**
 * The parts of a page that are executed. A fence marked `run` is a program; a fence marked `answer` right after it is JSON that its
 * output must contain, where "…" stands for anything. Readers see ordinary blocks: renderers look at the first word only.
 *
 * ````
 * ```sh run        ```ts run        ```json answer
 * ````
 */
export interface Block {
  readonly language: string;
  readonly source: string;
  /** Line of the page, for a failing test. */
  readonly line: number;
  readonly answer: unknown;
}

const FENCE = /^```(\w+) run\n([\s\S]*?)^```\n(?:\n*```json answer\n([\s\S]*?)^```\n)?/gm;

export function blocksOf(page: string): Block[] {
  return [...page.matchAll(FENCE)].map(([, language = '', source = '', answer], i, all) => ({
    language,
    source,
    line: page.slice(0, all[i]?.index).split('\n').length,
    answer: answer === undefined ? undefined : JSON.parse(answer),
  }));
}

/** Says where `actual` lacks something of `expected`, or nothing. */
export function missingIn(actual: unknown, expected: unknown, path = '$'): string | undefined {
  if (expected === '…') return actual === undefined ? `${path} is missing` : undefined;
  if (typeof expected !== 'object' || expected === null)
    return Object.is(actual, expected) ? undefined : `${path} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;
  if (typeof actual !== 'object' || actual === null) return `${path} is ${JSON.stringify(actual)}`;
  if (Array.isArray(expected) && (actual as unknown[]).length !== expected.length)
    return `${path} has ${String((actual as unknown[]).length)} items, not ${expected.length}`;
  return Object.entries(expected)
    .map(([member, value]) => missingIn((actual as Record<string, unknown>)[member], value, `${path}.${member}`))
    .find((fault) => fault !== undefined);
}

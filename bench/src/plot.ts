/** Draws what was measured: for each target a bar of CPU per task and one of tasks a second. */
import type { Measurements } from './measure.ts';
import { median } from './statistics.ts';

interface Panel {
  readonly title: string;
  readonly member: keyof Measurements;
  readonly color: string;
}

const PANELS: readonly Panel[] = [
  { title: 'CPU µs per task (less is better)', member: 'cpuMicrosPerTask', color: '#c2410c' },
  { title: 'tasks done per second, one a request', member: 'donePerSecond', color: '#1d4ed8' },
];
const ROW = 24;
const LABEL = 230;
const BAR = 330;
const PANEL = BAR + 80;
const TOP = 46;

/** An SVG of the medians. Lengths of bars are linear within a panel. */
export function plotOf(results: readonly (readonly [string, readonly Measurements[]])[]): string {
  const height = TOP + results.length * ROW + 12;
  const width = LABEL + PANELS.length * PANEL;
  const labels = results.map(([name], row) => text(LABEL - 10, middle(row), name, 'end'));
  const panels = PANELS.flatMap(({ title, member, color }, column) => {
    const left = LABEL + column * PANEL;
    const values = results.map(([, repetitions]) => median(repetitions.map((one) => one[member] ?? Number.NaN)));
    const most = Math.max(...values.filter(Number.isFinite), 1);
    const bars = values.map((value, row) => bar(left, row, (value / most) * BAR, color, Math.round(value).toLocaleString('en')));
    return [text(left, 26, title, 'start', 'bold'), ...bars];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13">
<rect width="100%" height="100%" fill="#fff"/>
${[...labels, ...panels].join('\n')}
</svg>
`;
}

function middle(row: number): number {
  return TOP + row * ROW + ROW / 2;
}

function bar(left: number, row: number, length: number, color: string, label: string): string {
  const box = `<rect x="${left}" y="${middle(row) - 8}" width="${length.toFixed(1)}" height="16" rx="2" fill="${color}"/>`;
  return `${box}\n${text(left + length + 6, middle(row), label, 'start')}`;
}

function text(x: number, y: number, content: string, anchor: 'start' | 'end', weight = 'normal'): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(1)}" y="${y + 4}" text-anchor="${anchor}" font-weight="${weight}" fill="#111">${escaped}</text>`;
}

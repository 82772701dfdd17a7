const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;
const WORDS = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'short' });

/** "3 min. ago", "in 2 days". */
export function ago(time: string, now: number): string {
  const seconds = Math.round((Date.parse(time) - now) / 1000);
  if (Math.abs(seconds) < 5) return 'just now';
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? (['second', 1] as const);
  // "In 2 days" is what is left of two days a minute later, too; what is past is not made older than it is.
  return WORDS.format(seconds > 0 ? Math.round(seconds / size) : Math.trunc(seconds / size), unit);
}

/** "2.4 s", "3 min 12 s", "2 d 4 h": how long something took. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 60_000) return `${Math.round(ms / 1_000)} s`;
  const seconds = Math.round(ms / 1_000);
  const [first, second] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ].filter(([count], i, all) => count !== 0 || all.slice(0, i).some(([before]) => before !== 0));
  return [first, second].flatMap((part) => (part === undefined || part[0] === 0 ? [] : [part.join(' ')])).join(' ');
}

/** The whole date and time, where the reader is. */
export const exactly = (time: string): string => new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

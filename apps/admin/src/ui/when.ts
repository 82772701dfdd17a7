const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;
const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });

/** "3 min. ago", "in 2 days". */
export function ago(time: string): string {
  const seconds = Math.round((Date.parse(time) - Date.now()) / 1000);
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? (['second', 1] as const);
  return words.format(Math.trunc(seconds / size), unit);
}

/** Says whether `time` has passed. */
export const isPast = (time: string): boolean => Date.parse(time) < Date.now();

export const exactly = (time: string): string => new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

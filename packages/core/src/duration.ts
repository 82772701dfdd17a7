/**
 * ISO 8601 durations, as task types and tasks write them: `PT0.2S`, `P1DT12H`, `P2W`.
 * Months and years are refused, for they have no fixed length.
 */

/** The longest duration accepted: ten years. A longer one is a mistake. */
export const MAX_DURATION_MS = 3_650 * 86_400_000;

/** The longest delay of a platform's timer: 24.8 days. With a longer one timers fire at once. */
export const MAX_TIMER_MS = 2_147_483_647;

const PATTERN =
  /^P(?!$)(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?=\d)(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const UNITS_MS = [7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1_000] as const;

/**
 * Milliseconds of an ISO 8601 duration, rounded to whole ones.
 * Returns `undefined` for anything else: a sign, months, years, an empty `PT`, or more than {@link MAX_DURATION_MS}.
 */
export function parseDuration(text: string): number | undefined {
  const match = text.length <= 64 ? PATTERN.exec(text) : null;
  if (match === null) return undefined;
  const totalMs = UNITS_MS.reduce((sum, unitMs, unit) => sum + Number(match[unit + 1] ?? 0) * unitMs, 0);
  return totalMs <= MAX_DURATION_MS ? Math.round(totalMs) : undefined;
}

/** Writes milliseconds as the shortest ISO 8601 duration: `90000` is `PT1M30S`, `0` is `PT0S`. */
export function formatDuration(durationMs: number): string {
  const days = Math.floor(durationMs / 86_400_000);
  const hours = Math.floor((durationMs % 86_400_000) / 3_600_000);
  const minutes = Math.floor((durationMs % 3_600_000) / 60_000);
  const seconds = (durationMs % 60_000) / 1_000;
  const time = `${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${seconds ? `${seconds}S` : ''}`;
  if (days === 0 && time === '') return 'PT0S';
  return `P${days ? `${days}D` : ''}${time ? `T${time}` : ''}`;
}

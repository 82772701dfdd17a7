/** Times between the service, which speaks UTC, and date fields, which speak the reader's own time without saying so. */

/** The local minute of a time, as a `datetime-local` field takes it; empty where it is no time. */
export function localTime(time: string | undefined): string {
  const date = new Date(time ?? '');
  if (Number.isNaN(date.getTime())) return '';
  const digits = (part: number, length = 2): string => String(part).padStart(length, '0');
  const day = `${digits(date.getFullYear(), 4)}-${digits(date.getMonth() + 1)}-${digits(date.getDate())}`;
  return `${day}T${digits(date.getHours())}:${digits(date.getMinutes())}`;
}

/** What a `datetime-local` field holds, as the service takes it; empty where it is no time. */
export function timeOfLocal(typed: string): string {
  const date = new Date(typed);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

/** The first plain fields of a task's input, as one line: enough to tell two rows of a list apart. */
const MAX_FIELDS = 5;
const MAX_LENGTH = 60;

export function summaryOf(input: unknown): string {
  if (typeof input !== 'object' || input === null) return input === null || input === undefined ? '' : shortened(String(input));
  const fields = Object.entries(input).filter(([, value]) => value !== null && typeof value !== 'object' && value !== '');
  return fields
    .slice(0, MAX_FIELDS)
    .map(([name, value]) => `${name}: ${shortened(String(value))}`)
    .join(' · ');
}

function shortened(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}

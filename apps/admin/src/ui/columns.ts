/** Wider tables are read worse than one thing after the other. */
const MAX_COLUMNS = 8;
const FEWEST_ROWS = 2;

/** The columns of a list of alike, flat things, which reads best as a table; `undefined` for any other list. */
export function columnsOf(list: readonly unknown[]): readonly string[] | undefined {
  if (list.length < FEWEST_ROWS) return undefined;
  const names = new Set<string>();
  for (const row of list) {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) return undefined;
    for (const [name, value] of Object.entries(row)) {
      if (typeof value === 'object' && value !== null) return undefined;
      names.add(name);
    }
    if (names.size > MAX_COLUMNS) return undefined;
  }
  return names.size === 0 ? undefined : [...names];
}

/** The parameters of a statement: `?` in order, or `?1`, `?2` … by number, which not every driver binds by position. */

/** Quoted text, names and comments, which may hold marks that are none; then the marks themselves. */
const MARKS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?\*\/|\?\d*|[:@$]\w+/g;

export interface Parameters {
  /** The statement with every mark as `?`. */
  readonly query: string;
  /** Values it takes. */
  readonly count: number;
  /** Which value each mark takes, from 0; `undefined` where they are taken in order. */
  readonly order: readonly number[] | undefined;
}

/** Reads the parameters of a statement. Names, and numbers beside plain marks, are refused. */
export function readParameters(query: string): Parameters {
  const marks = query.match(MARKS)?.filter((mark) => /^[?:@$]/.test(mark)) ?? [];
  if (marks.every((mark) => mark === '?')) return { query, count: marks.length, order: undefined };
  if (!marks.every((mark) => /^\?[1-9]\d{0,2}$/.test(mark)))
    throw new SyntaxError('Write parameters as "?" in order, or all of them as "?1", "?2" …');
  const order = marks.map((mark) => Number(mark.slice(1)) - 1);
  const plain = query.replaceAll(MARKS, (mark) => (mark.startsWith('?') ? '?' : mark));
  return { query: plain, count: Math.max(...order) + 1, order };
}

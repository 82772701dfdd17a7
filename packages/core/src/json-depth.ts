/**
 * How deep JSON nests, counted in its text. It must be known before the text is parsed: `JSON.parse` reads nesting so deep that
 * `JSON.stringify` and every recursive function after it overflow the stack.
 */

/** Says whether objects and lists nest deeper than `max` levels, in one pass over the text. It need not be valid JSON. */
export function exceedsDepth(text: string, max: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 92) i += 1;
      else if (code === 34) inString = false;
    } else if (code === 34) inString = true;
    else if (code === 123 || code === 91) {
      depth += 1;
      if (depth > max) return true;
    } else if (code === 125 || code === 93) depth -= 1;
  }
  return false;
}

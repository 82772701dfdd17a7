/** Lines of a streamed body, and answers as lines: bounded in memory however long the stream is. */
import { Problem } from './problem.ts';
import { MAX_TASK_BYTES, tooLarge } from './read-body.ts';

/** Lines in one group. A group is submitted and answered together, in a few commits. */
const MAX_LINES = 1_000;
/** Bytes of the lines in one group. */
const MAX_GROUP_BYTES = 4 * 1_048_576;
const NEWLINE = 10;

/** A line and its number, from 1. Blank lines are counted, but left out. */
export interface Line {
  readonly number: number;
  readonly text: string | Problem;
}

/** Groups of complete lines as they arrive, so that a slow sender is answered line by line and a fast one in bulk. */
export async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<Line[]> {
  const state: Reading = { parts: [], size: 0, skipping: false, number: 0 };
  for await (const chunk of body) {
    let from = 0;
    let group: Line[] = [];
    let bytes = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      keep(state, chunk.subarray(from, end));
      from = end + 1;
      bytes += state.size;
      group.push(...endLine(state));
      if (group.length >= MAX_LINES || bytes > MAX_GROUP_BYTES) {
        yield group;
        group = [];
        bytes = 0;
      }
    }
    keep(state, chunk.slice(from));
    if (group.length > 0) yield group;
  }
  const last = endLine(state);
  if (last.length > 0) yield last;
}

interface Reading {
  parts: Uint8Array[];
  size: number;
  /** The line is longer than a task may be: the rest of it is not kept. */
  skipping: boolean;
  number: number;
}

function keep(state: Reading, part: Uint8Array): void {
  if (part.length === 0 || state.skipping) return;
  state.parts.push(part);
  state.size += part.length;
  if (state.size <= MAX_TASK_BYTES) return;
  state.skipping = true;
  state.parts = [];
  state.size = 0;
}

function endLine(state: Reading): Line[] {
  const { parts, skipping } = state;
  const number = (state.number += 1);
  const bytes = parts.length === 1 && parts[0] !== undefined ? parts[0] : join(parts, state.size);
  state.parts = [];
  state.size = 0;
  state.skipping = false;
  if (skipping) return [{ number, text: tooLarge(MAX_TASK_BYTES) }];
  const text = decode(bytes);
  return typeof text === 'string' && text.trim() === '' ? [] : [{ number, text }];
}

function join(parts: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

function decode(bytes: Uint8Array): string | Problem {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new Problem(400, 'malformed', 'The line is not UTF-8.');
  }
}

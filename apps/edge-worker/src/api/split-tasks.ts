/**
 * Takes `{ "tasks": [ … ] }` apart before anything parses it, so that every task of a batch is held to the limits of a task
 * submitted alone: its own bytes, its own depth, and its own problem where it is over them.
 */
import { isJsonObject, type JsonObject } from '@errand/core/json';
import { escapePointer } from './json-pointer.ts';
import { Problem } from './problem.ts';
import { exceedsDepth } from '@errand/core/json-depth';
import { MAX_DEPTH, parseJson } from './read-body.ts';

/** Tasks in one JSON body. More travel as `application/x-ndjson`. */
export const MAX_BATCH = 1_000;

/** The text of one task, and whether it nests deeper than a task may. */
export interface TaskText {
  readonly text: string;
  readonly isTooDeep: boolean;
}

/** The tasks of a batch in order, or a problem with the body as a whole. */
export function splitTasks(text: string): TaskText[] {
  const { envelope, elements } = takeApart(text);
  if (exceedsDepth(envelope, MAX_DEPTH)) throw invalid('#', `is nested deeper than ${MAX_DEPTH} levels around its tasks`, 'too_deep');
  const body = parseEnvelope(envelope, text);
  if (!isJsonObject(body)) throw new Problem(400, 'malformed', 'The body must be a JSON object.');
  const unknown = Object.keys(body).find((member) => member !== 'tasks');
  if (unknown !== undefined) throw invalid(`#/${escapePointer(unknown)}`, 'is not a member of a batch: it has "tasks" alone');
  return listOf(body).map((index) => elements[index] ?? { text: String(index), isTooDeep: false });
}

/** The body around its tasks. What is wrong with it is said of the text that was sent: nobody knows an envelope. */
function parseEnvelope(envelope: string, text: string): unknown {
  try {
    return parseJson(envelope);
  } catch (fault) {
    if (!exceedsDepth(text, MAX_DEPTH)) parseJson(text);
    throw fault;
  }
}

function listOf({ tasks }: JsonObject): readonly number[] {
  if (!Array.isArray(tasks)) throw invalid('#/tasks', tasks === undefined ? 'is required' : 'must be a list');
  if (tasks.length > MAX_BATCH) throw tooMany();
  return tasks as number[];
}

/**
 * Cuts the elements of every list in the root object out of the text, and leaves their index in their place. What is left is small and
 * can be parsed as a whole; each element is judged by itself.
 */
function takeApart(text: string): { envelope: string; elements: TaskText[] } {
  const elements: TaskText[] = [];
  const pieces: string[] = [];
  let depth = 0;
  let deepest = 0;
  let kept = 0;
  let start = -1;
  const cut = (end: number): void => {
    const element = text.slice(start, end);
    if (element.trim() === '') return;
    if (elements.length > MAX_BATCH) throw tooMany();
    pieces.push(text.slice(kept, start), String(elements.length));
    elements.push({ text: element, isTooDeep: deepest - 2 > MAX_DEPTH });
    kept = end;
    deepest = 2;
  };
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = endOfString(text, i);
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1;
      if (depth > deepest) deepest = depth;
      if (depth === 2 && code === OPEN_BRACKET) {
        start = i + 1;
        deepest = 2;
      }
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      if (depth === 2 && start !== -1) {
        cut(i);
        start = -1;
      }
      depth -= 1;
    } else if (code === COMMA && depth === 2 && start !== -1) {
      cut(i);
      start = i + 1;
    }
  }
  pieces.push(text.slice(kept));
  return { envelope: pieces.join(''), elements };
}

const QUOTE = 34;
const COMMA = 44;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

function endOfString(text: string, start: number): number {
  let i = start + 1;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i += 1;
    else if (code === QUOTE) break;
  }
  return i;
}

function tooMany(): Problem {
  return invalid('#/tasks', `may hold at most ${MAX_BATCH} tasks; send more as application/x-ndjson`);
}

function invalid(pointer: string, detail: string, code = 'input_invalid'): Problem {
  return new Problem(422, code, 'The batch was not understood. Nothing was stored.', { errors: [{ pointer, detail }] });
}

/** Reads a request's body as JSON: bounded in bytes and depth before anything else touches it. */
import { isJsonObject, type JsonObject } from '@errand/core/json';
import { exceedsDepth } from '@errand/core/json-depth';
import { Problem } from './problem.ts';

/** A task's request, whole. */
export const MAX_TASK_BYTES = 1_048_576;
/** Nesting that survives `JSON.stringify` and every validator; checked on the text, for parsing is already too late. */
export const MAX_DEPTH = 64;

/** The body as a JSON object, or a problem that says what to do. */
export async function readJsonObject(request: Request, maxBytes = MAX_TASK_BYTES): Promise<JsonObject> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type))
    throw new Problem(415, 'unsupported_media_type', 'Send the body as application/json.');
  const text = await readText(request, maxBytes);
  if (exceedsDepth(text, MAX_DEPTH))
    throw new Problem(422, 'too_deep', `The body is nested deeper than ${MAX_DEPTH} levels.`, {
      errors: [{ pointer: '#', detail: `is nested deeper than ${MAX_DEPTH} levels` }],
    });
  const value = parse(text);
  if (!isJsonObject(value)) throw new Problem(400, 'malformed', 'The body must be a JSON object.');
  return value;
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  const bytes = await readBytes(request, maxBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Problem(400, 'malformed', 'The body is not UTF-8.');
  }
}

/** The body as bytes, never more than `maxBytes` of it. */
async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  const announced = request.headers.get('content-length');
  if (announced !== null) {
    if (Number(announced) > maxBytes) throw tooLarge(maxBytes);
    return new Uint8Array(await request.arrayBuffer());
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

function tooLarge(maxBytes: number): Problem {
  return new Problem(413, 'payload_too_large', `The body may have at most ${maxBytes} bytes.`);
}

function parse(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (fault) {
    throw new Problem(400, 'malformed', `The body is not JSON: ${fault instanceof Error ? fault.message : 'it does not parse'}.`);
  }
  // NUL ends text in some SQLite drivers, and a lone surrogate is no text at all; both hide behind escapes.
  if (text.includes('\\u') && !isPlainText(value))
    throw new Problem(422, 'input_invalid', 'Text may hold neither NUL nor lone surrogates.', {
      errors: [{ pointer: '#', detail: 'holds NUL or a lone surrogate' }],
    });
  return value;
}

function isPlainText(value: unknown): boolean {
  const text = JSON.stringify(value);
  return !/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/i.test(text);
}

/** Reads a request's body as JSON: bounded in bytes and depth before anything else touches it. */
import { Buffer } from 'node:buffer';
import type { ApiRequest } from './api-request.ts';
import { isJsonObject, type JsonObject } from '@errand/core/json';
import { exceedsDepth } from '@errand/core/json-depth';
import { requireKeepable } from './keepable.ts';
import { Problem } from './problem.ts';

/** The largest body of a request about one task: 1 MiB. */
export const MAX_TASK_BYTES = 1_048_576;
/**
 * Levels of nesting. Deeper JSON could be parsed, but `JSON.stringify` and validators would overflow the stack; so it is checked on
 * the text.
 */
export const MAX_DEPTH = 64;

const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The body as a JSON object. Throws 400, 413, 415 or 422 for one that cannot be read, is too large, or is none. */
export async function readJsonObject(request: ApiRequest, maxBytes = MAX_TASK_BYTES): Promise<JsonObject> {
  requireJson(request);
  return objectIn(await readText(request, maxBytes));
}

/** A text as a JSON object. Throws a 400 for anything else. */
function objectIn(text: string): JsonObject {
  if (exceedsDepth(text, MAX_DEPTH)) throw tooDeep();
  const value = parseJson(text);
  if (!isJsonObject(value)) throw new Problem(400, 'malformed', 'The body must be a JSON object.');
  return value;
}

/** As {@link readJsonObject}, and `{}` where there is no body. Many clients send a JSON content type with an empty body. */
export async function readOptionalObject(request: ApiRequest): Promise<JsonObject> {
  const text = await readText(request, MAX_TASK_BYTES);
  if (text === '') return {};
  requireJson(request);
  return objectIn(text);
}

/** Throws a 415 for a body whose content type is anything but JSON. */
export function requireJson(request: ApiRequest): void {
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(request.headers.get('content-type') ?? ''))
    throw new Problem(415, 'unsupported_media_type', 'Send the body as application/json.');
}

export function tooDeep(): Problem {
  return new Problem(422, 'too_deep', `The body is nested deeper than ${MAX_DEPTH} levels.`, {
    errors: [{ pointer: '#', detail: `is nested deeper than ${MAX_DEPTH} levels` }],
  });
}

export function tooLarge(maxBytes: number): Problem {
  return new Problem(413, 'payload_too_large', `The body may have at most ${maxBytes} bytes.`);
}

/** The whole body as text. Throws a 413 beyond `maxBytes`, a 400 for what is not UTF-8. */
export async function readText(request: ApiRequest, maxBytes: number): Promise<string> {
  const bytes = await readBytes(request, maxBytes);
  try {
    return STRICT_UTF8.decode(bytes);
  } catch {
    throw new Problem(400, 'malformed', 'The body is not UTF-8.');
  }
}

/**
 * The whole body as bytes; never more than `maxBytes` are read. Throws a 413 beyond that, a 415 for a compressed body, a 400 for one
 * that breaks off.
 */
export async function readBytes(request: ApiRequest, maxBytes: number): Promise<Uint8Array> {
  requireUnpacked(request);
  try {
    return await bytesOf(request, maxBytes);
  } catch (fault) {
    if (fault instanceof Problem) throw fault;
    // Only the client can be at fault here: it hung up, or its body is not framed as HTTP says.
    throw new Problem(400, 'malformed', 'The body broke off.');
  }
}

/** Throws a 415 for a compressed body: unpacked it might be of any size. */
export function requireUnpacked(request: ApiRequest): void {
  const encoding = request.headers.get('content-encoding')?.trim() ?? '';
  if (encoding === '' || encoding.toLowerCase() === 'identity') return;
  throw new Problem(415, 'unsupported_media_type', 'Send the body as it is, without Content-Encoding.', {
    headers: { 'accept-encoding': 'identity' },
  });
}

async function bytesOf(request: ApiRequest, maxBytes: number): Promise<Uint8Array> {
  const announced = request.headers.get('content-length');
  if (announced !== null && Number(announced) <= maxBytes) return new Uint8Array(await request.arrayBuffer());
  if (announced !== null) {
    await discardBody(request);
    throw tooLarge(maxBytes);
  }
  const reader = request.body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    size += part.value.byteLength;
    if (size > maxBytes && reader !== undefined) {
      await discard(reader);
      throw tooLarge(maxBytes);
    }
    chunks.push(part.value);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

/**
 * How much of a refused body is still read, and for how long. A client that is writing when its connection closes would never see the
 * answer.
 */
const MAX_DISCARDED_BYTES = 32 * 1_048_576;
const MAX_DISCARD_MS = 2_000;

/** Reads the rest of a body and throws it away. A body of at most `drainedBytes` is left to the platform, which does the same. */
export async function discardBody(request: ApiRequest, drainedBytes = 0): Promise<void> {
  const { body, bodyUsed, headers } = request;
  const announced = Number(headers.get('content-length') ?? Number.NaN);
  if (!bodyUsed && announced <= drainedBytes) return;
  if (!bodyUsed && request.letGo !== undefined && announced <= MAX_TASK_BYTES) return request.letGo();
  if (body !== null && !bodyUsed && !body.locked) await discard(body.getReader());
}

async function discard(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  const timer = setTimeout(() => void reader.cancel().catch(() => {}), MAX_DISCARD_MS);
  try {
    for (let size = 0; size < MAX_DISCARDED_BYTES;) {
      const { value, done } = await reader.read();
      if (done) return;
      size += value.byteLength;
    }
  } catch {
    // The client is gone, or the time is up.
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Parses a text whose depth has been checked. Throws a 400 for what is not JSON, a 422 for what could not be stored and read again as
 * it came.
 */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (fault) {
    throw new Problem(400, 'malformed', `The body is not JSON: ${reasonOf(fault, text)}.`);
  }
  requireKeepable(value, text);
  // Whatever is kept is written anew: 1e20 takes four characters here and twenty-one there.
  if (text.length > MAX_TASK_BYTES / MAX_GROWTH && EXPONENT.test(text) && writtenBytes(value) > MAX_TASK_BYTES)
    throw new Problem(413, 'payload_too_large', `With its numbers written out, the body has more than ${MAX_TASK_BYTES} bytes.`);
  return value;
}

/** A number with an exponent, where a number may be: nothing else in JSON is shorter than what is written for it. */
const EXPONENT = /(?:^|[[:,\s])-?\d+(?:\.\d+)?[eE]/;
/** No number is written with as many times the characters it was sent with: the worst is 1e20. */
const MAX_GROWTH = 6;

/** Bytes of a value as it is kept. */
export function writtenBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}

const BYTE_ORDER_MARK = '\uFEFF';

/** Why text is no JSON. The parser quotes what it met, and a byte order mark cannot be seen in a quotation. */
function reasonOf(fault: unknown, text: string): string {
  if (text.startsWith(BYTE_ORDER_MARK)) return 'it begins with a byte order mark';
  return fault instanceof Error ? fault.message : 'it does not parse';
}

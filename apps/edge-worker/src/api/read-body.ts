/** Reads a request's body as JSON: bounded in bytes and depth before anything else touches it. */
import { Buffer } from 'node:buffer';
import type { ApiRequest } from './api-request.ts';
import { isJsonObject, type JsonObject } from '@errand/core/json';
import { exceedsDepth } from '@errand/core/json-depth';
import { requireKeepable } from './keepable.ts';
import { Problem } from './problem.ts';

/** A task's request, whole. */
export const MAX_TASK_BYTES = 1_048_576;
/** Nesting that survives `JSON.stringify` and every validator; checked on the text, for parsing is already too late. */
export const MAX_DEPTH = 64;

const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The body as a JSON object, or a problem that says what to do. */
export async function readJsonObject(request: ApiRequest, maxBytes = MAX_TASK_BYTES): Promise<JsonObject> {
  requireJson(request);
  return objectIn(await readText(request, maxBytes));
}

/** Text as a JSON object; 400 for anything else. */
function objectIn(text: string): JsonObject {
  if (exceedsDepth(text, MAX_DEPTH)) throw tooDeep();
  const value = parseJson(text);
  if (!isJsonObject(value)) throw new Problem(400, 'malformed', 'The body must be a JSON object.');
  return value;
}

/** As {@link readJsonObject}, where the body may be left out: clients send its type all the same, with nothing behind it. */
export async function readOptionalObject(request: ApiRequest): Promise<JsonObject> {
  const text = await readText(request, MAX_TASK_BYTES);
  if (text === '') return {};
  requireJson(request);
  return objectIn(text);
}

/** 415 for a body that says it is anything but JSON. */
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

/** The whole body as text: 413 beyond `maxBytes`, 400 for what is not UTF-8. */
export async function readText(request: ApiRequest, maxBytes: number): Promise<string> {
  const bytes = await readBytes(request, maxBytes);
  try {
    return STRICT_UTF8.decode(bytes);
  } catch {
    throw new Problem(400, 'malformed', 'The body is not UTF-8.');
  }
}

/** The body as bytes, never more than `maxBytes` of it; 415 for bytes that are packed, 400 where they break off. */
export async function readBytes(request: ApiRequest, maxBytes: number): Promise<Uint8Array> {
  requireUnpacked(request);
  try {
    return await bytesOf(request, maxBytes);
  } catch (fault) {
    if (fault instanceof Problem) throw fault;
    // Nothing of ours is read here: whoever sent the body hung up, or framed it as no HTTP message is.
    throw new Problem(400, 'malformed', 'The body broke off.');
  }
}

/** 415 for a body that says it is compressed: read as it came it would be noise, and unpacked it may be of any size. */
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

/** A refused body is read on for this much and this long: a client that is still writing when its connection closes never sees why. */
const MAX_DISCARDED_BYTES = 32 * 1_048_576;
const MAX_DISCARD_MS = 2_000;

/** Reads what nobody read of a body, and keeps nothing. */
export async function discardBody(request: ApiRequest): Promise<void> {
  const { bodyUsed, headers } = request;
  if (!bodyUsed && request.letGo !== undefined && Number(headers.get('content-length') ?? Number.NaN) <= MAX_TASK_BYTES)
    return request.letGo();
  const { body } = request;
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

/** Parses text of known depth: 400 for what is not JSON, 422 for what no storage keeps. */
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

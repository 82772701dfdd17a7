/** Built files from a folder, as Cloudflare's assets binding gives them: by their exact names, with a type and an ETag. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import type { Assets } from '../../api/assets.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** Assets from the files below `folder`. They are read when asked for, so a new build shows at once. */
export function folderAssets(folder: string): Assets {
  return {
    async fetch(request) {
      const path = fileBelow(folder, new URL(request.url).pathname);
      const bytes = path === undefined ? undefined : await readFile(path).catch(() => undefined);
      if (path === undefined || bytes === undefined) return new Response(null, { status: 404 });
      const etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`;
      const headers = { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream', etag };
      if (namesTag(request.headers.get('if-none-match'), etag)) return new Response(null, { status: 304, headers });
      return new Response(request.method === 'HEAD' ? null : bytes, { headers });
    },
  };
}

/** The file of a path, `undefined` for a path that is not below the folder or no text at all. */
function fileBelow(folder: string, pathname: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  const path = join(folder, decoded);
  return path.startsWith(folder + sep) && !decoded.includes('\0') ? path : undefined;
}

/** Proxies that compress an answer mark its tag as weak; it is still the same file. */
function namesTag(condition: string | null, etag: string): boolean {
  return condition !== null && condition.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

/**
 * The files of the admin app and the API's documentation page, as built into `dist/assets`. A path below `/admin/` that is no
 * file is one of the app's own pages, so that reloading one works.
 */

/** Where the built files are: Cloudflare's assets binding, or its local counterpart. Answers 404 for what is not there. */
export interface Assets {
  fetch(request: Request): Promise<Response>;
}

/** Paths this file answers. Requests for them need no key: the app asks for it. */
export const ASSET_PATHS = ['/', '/admin', '/admin/*', '/docs', '/docs/*'] as const;

/** Everything the pages load comes from here, so nothing they show can send what they know elsewhere. Mantine sets styles in place. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
} as const;
/** Vite puts a digest of the content into these names. */
const FOREVER = 'public, max-age=31536000, immutable';
/** Pages name the files of one build; an old page would ask for files that are gone. */
const ASK_AGAIN = 'no-cache';

/** The file for a request, `undefined` where there is none. */
export async function assetResponse(assets: Assets, request: Request): Promise<Response | undefined> {
  const url = new URL(request.url);
  if (url.pathname === '/admin' || url.pathname === '/docs') {
    url.pathname += '/';
    return new Response(null, { status: 308, headers: { location: `${url.pathname}${url.search}` } });
  }
  // Who types the address of the service into a browser looks for the app. A program that asks for `/` has lost its path.
  if (url.pathname === '/') return request.headers.get('accept')?.includes('text/html') === true ? seeOther('/admin/') : undefined;
  const digested = url.pathname.startsWith('/admin/assets/');
  const page = url.pathname.startsWith('/admin/') && !/\.\w+$/.test(url.pathname);
  if (page) url.pathname = '/admin/index.html';
  else if (url.pathname.endsWith('/')) url.pathname += 'index.html';
  const file = await assets.fetch(new Request(url, { method: request.method, headers: conditionsOf(request) }));
  if (file.status === 404) return undefined;
  const headers = new Headers(file.headers);
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  headers.set('cache-control', digested ? FOREVER : ASK_AGAIN);
  return new Response(file.body, { status: file.status, headers });
}

function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } });
}

function conditionsOf(request: Request): Headers {
  const etag = request.headers.get('if-none-match');
  return new Headers(etag === null ? {} : { 'if-none-match': etag });
}

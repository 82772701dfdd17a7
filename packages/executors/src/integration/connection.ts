/** A third party as a call sees it: where it is, and what proves who calls. Opened for one call, never stored, never logged. */

export type ConnectionAuth =
  | { readonly type: 'none' }
  | { readonly type: 'bearer'; readonly token: string }
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  | { readonly type: 'apiKey'; readonly in: 'header' | 'query'; readonly name: string; readonly value: string };

export interface Connection {
  readonly name: string;
  readonly baseUrl: string;
  readonly auth: ConnectionAuth;
}

/** What proves the caller: at most one header, at most one parameter of the query. */
export interface Credential {
  readonly header?: readonly [name: string, value: string];
  readonly query?: readonly [name: string, value: string];
  /** Texts that must not leave in anything we keep, though the third party may echo them. */
  readonly secrets: readonly string[];
}

/** How a connection's credential is sent. */
export function credentialOf(auth: ConnectionAuth): Credential {
  switch (auth.type) {
    case 'none':
      return { secrets: [] };
    case 'bearer':
      return { header: ['authorization', `Bearer ${auth.token}`], secrets: [auth.token] };
    case 'basic': {
      const pair = base64(`${auth.username}:${auth.password}`);
      return { header: ['authorization', `Basic ${pair}`], secrets: [pair, auth.password] };
    }
    case 'apiKey':
      return auth.in === 'header'
        ? { header: [auth.name.toLowerCase(), auth.value], secrets: [auth.value] }
        : { query: [auth.name, auth.value], secrets: [auth.value, encodeURIComponent(auth.value)] };
  }
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

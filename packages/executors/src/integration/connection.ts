/**
 * A third party as a call needs it: its base URL, and the credential in clear text. A value of these types lives for one call; it is
 * never stored or logged. At rest the credential is sealed (the edge worker's `catalog/connections.ts`).
 */

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

/** How a credential travels: as at most one header and one parameter of the query. */
export interface Credential {
  readonly header?: readonly [name: string, value: string];
  readonly query?: readonly [name: string, value: string];
  /** Texts to take out of whatever the third party answers, for some echo the request (`redact.ts`). */
  readonly secrets: readonly string[];
}

/** The credential of a connection, as its calls send it. */
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

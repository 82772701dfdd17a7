/** An answer as plain data: most are, and a runtime that writes them itself needs no `Response` in between. */

export interface Answer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** The answer as the platform has it. */
export function responseOf({ status, headers, body }: Answer): Response {
  return new Response(body, { status, headers });
}

/**
 * A contract: rules that every implementation of a port keeps. Cases are plain data, for the same list runs inside workerd,
 * Node, Bun and Deno (`tests/runtimes/contracts.test.ts`), where no test framework reaches.
 */

export interface ContractCase<Port> {
  /** The rule, as a sentence about the port. */
  readonly rule: string;
  /** Throws where the port does not keep the rule. Every case gets a fresh port. */
  readonly run: (port: Port) => void | Promise<void>;
}

export interface Contract<Port> {
  readonly port: string;
  readonly cases: readonly ContractCase<Port>[];
}

/** What became of one case: `undefined` for a rule that was kept, else the fault in words. */
export type Verdict = string | undefined;

/** Runs one case. */
export async function verdictOf<Port>(one: ContractCase<Port>, open: () => Port | Promise<Port>): Promise<Verdict> {
  try {
    await one.run(await open());
    return undefined;
  } catch (fault) {
    return fault instanceof Error ? `${fault.message}\n${fault.stack ?? ''}` : String(fault);
  }
}

/** Resolves once `holds`, looking again and again; throws when it does not within `withinMs`. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>, withinMs = 3_000): Promise<void> {
  const until = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > until) throw new Error(`${what}: not within ${withinMs} ms`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

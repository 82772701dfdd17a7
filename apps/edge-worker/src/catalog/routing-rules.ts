/** The routing rules of each namespace: one ordered list, which is replaced as a whole and is in force everywhere within ten seconds. */
import { compileRules, type CompiledRule, type RoutingRule } from '@errand/router/rule';
import { eq } from 'drizzle-orm';
import type { Catalog } from './catalog.ts';
import { routingRules } from './schema.ts';

export interface SavedRules {
  readonly rules: readonly RoutingRule[];
  /** Epoch ms; `undefined` where none were ever saved. */
  readonly updatedAt: number | undefined;
}

/** As in `fresh-cache.ts`. An entry is kept beyond it, for its compiled rules: they are still good if the text has not changed. */
const FRESH_MS = 10_000;
const MAX_CACHED = 1_000;

interface Entry {
  readonly text: string;
  readonly compiled: readonly CompiledRule[];
  readonly until: number;
}
type Row = typeof routingRules.$inferSelect;

export class RoutingRules {
  readonly #catalog: Catalog;
  readonly #cache = new Map<string, Entry>();

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** The rules in force, compiled. */
  async inForce(namespace: string, now: number): Promise<readonly CompiledRule[]> {
    const known = this.#cache.get(namespace);
    if (known !== undefined && known.until > now) return known.compiled;
    const text = (await this.#row(namespace))?.rules ?? '[]';
    const compiled = known?.text === text ? known.compiled : compileSaved(namespace, text);
    if (this.#cache.size >= MAX_CACHED) this.#cache.clear();
    this.#cache.set(namespace, { text, compiled, until: now + FRESH_MS });
    return compiled;
  }

  /** The rules as they were saved. */
  async read(namespace: string): Promise<SavedRules> {
    const row = await this.#row(namespace);
    return row === undefined
      ? { rules: [], updatedAt: undefined }
      : { rules: JSON.parse(row.rules) as RoutingRule[], updatedAt: row.updatedAt };
  }

  /** Replaces the list. With `seen` only if it is still that one: says `false`, and changes nothing, if it is not. */
  async save(namespace: string, rules: readonly RoutingRule[], now: number, seen?: SavedRules): Promise<boolean> {
    const list = { rules: JSON.stringify(rules), updatedAt: now };
    const { meta } = await this.#catalog.ask((db) => {
      const insert = db.insert(routingRules).values({ namespace, ...list });
      if (seen !== undefined && seen.updatedAt === undefined) return insert.onConflictDoNothing().run();
      const unchanged = seen && { setWhere: eq(routingRules.rules, JSON.stringify(seen.rules)) };
      return insert.onConflictDoUpdate({ target: routingRules.namespace, set: list, ...unchanged }).run();
    });
    this.#cache.delete(namespace);
    return meta.changes > 0;
  }

  #row(namespace: string): Promise<Row | undefined> {
    return this.#catalog.ask((db) => db.select().from(routingRules).where(eq(routingRules.namespace, namespace)).get());
  }
}

/** Compiles saved rules. They compiled when they were saved; should a later release refuse them, tasks are routed by their kind alone. */
function compileSaved(namespace: string, text: string): readonly CompiledRule[] {
  const compiled = compileRules(JSON.parse(text) as RoutingRule[]);
  if (compiled.ok) return compiled.rules;
  console.error(`the routing rules of ${namespace} no longer compile and are not in force`, compiled.faults);
  return [];
}

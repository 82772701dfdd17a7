/** The rules of routing of each namespace: one ordered list, saved whole, in force everywhere within ten seconds. */
import { compileRules, type CompiledRule, type RoutingRule } from '@errand/router/rule';

export interface SavedRules {
  readonly rules: readonly RoutingRule[];
  /** Epoch ms; `undefined` where none were ever saved. */
  readonly updatedAt: number | undefined;
}

const FRESH_MS = 10_000;
const MAX_CACHED = 1_000;

interface Entry {
  readonly text: string;
  readonly compiled: readonly CompiledRule[];
  readonly until: number;
}
interface Row {
  readonly rules: string;
  readonly updated_at: number;
}

export class RoutingRules {
  readonly #db: D1Database;
  readonly #cache = new Map<string, Entry>();

  constructor(db: D1Database) {
    this.#db = db;
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
    return row === null
      ? { rules: [], updatedAt: undefined }
      : { rules: JSON.parse(row.rules) as RoutingRule[], updatedAt: row.updated_at };
  }

  /** Replaces the list; says `false`, and changes nothing, where it is no longer what `seen` says it was. */
  async save(namespace: string, rules: readonly RoutingRule[], now: number, seen?: SavedRules): Promise<boolean> {
    const text = JSON.stringify(rules);
    const insert = 'INSERT INTO routing_rules (namespace, rules, updated_at) VALUES (?, ?, ?)';
    const replace = 'ON CONFLICT (namespace) DO UPDATE SET rules = excluded.rules, updated_at = excluded.updated_at';
    const { meta } = await (
      seen === undefined
        ? this.#db.prepare(`${insert} ${replace}`).bind(namespace, text, now)
        : seen.updatedAt === undefined
          ? this.#db.prepare(`${insert} ON CONFLICT (namespace) DO NOTHING`).bind(namespace, text, now)
          : this.#db.prepare(`${insert} ${replace} WHERE routing_rules.rules = ?`).bind(namespace, text, now, JSON.stringify(seen.rules))
    ).run();
    this.#cache.delete(namespace);
    return meta.changes > 0;
  }

  async #row(namespace: string): Promise<Row | null> {
    return this.#db.prepare('SELECT rules, updated_at FROM routing_rules WHERE namespace = ?').bind(namespace).first<Row>();
  }
}

/** Saved rules were compiled before they were saved; should a release no longer take them, tasks still go by kind. */
function compileSaved(namespace: string, text: string): readonly CompiledRule[] {
  const compiled = compileRules(JSON.parse(text) as RoutingRule[]);
  if (compiled.ok) return compiled.rules;
  console.error(`the routing rules of ${namespace} no longer compile and are not in force`, compiled.faults);
  return [];
}

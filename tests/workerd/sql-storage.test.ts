import { SQL_STORAGE_RULES } from '@errand/core/sql-storage.contract';
import { describe, expect, it } from 'vitest';
import { openSqlite } from './sqlite.ground.ts';

describe('the storage of a Durable Object', () => {
  it.each(SQL_STORAGE_RULES)('$rule', ({ check }) => expect(() => check(openSqlite())).not.toThrow());
});

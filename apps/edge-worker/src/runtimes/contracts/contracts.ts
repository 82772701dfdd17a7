/** All contracts, by the name of their port. */
import type { D1Database } from '@cloudflare/workers-types';
import type { Contract } from './contract.ts';
import { D1_CONTRACT } from './d1.contract.ts';
import { LANE_CONTRACT, type LanePort } from './lane.contract.ts';
import { ALARM_CONTRACT, OBJECTS_CONTRACT, type ObjectsPort } from './objects.contract.ts';
import { SQL_LIMITS_CONTRACT } from './sql-limits.contract.ts';
import { SQL_STORAGE_CONTRACT, type SqlPort } from './sql-storage.contract.ts';

/** A fresh port for each case. */
export interface Ports {
  storage(): SqlPort | Promise<SqlPort>;
  db(): D1Database | Promise<D1Database>;
  objects(): ObjectsPort;
  lane(): LanePort;
}

/** The contracts with the port each one takes. */
export const CONTRACTS = {
  'sql-storage': SQL_STORAGE_CONTRACT,
  'sql-limits': SQL_LIMITS_CONTRACT,
  d1: D1_CONTRACT,
  objects: OBJECTS_CONTRACT,
  alarm: ALARM_CONTRACT,
  lane: LANE_CONTRACT,
} as const;
export type ContractName = keyof typeof CONTRACTS;

/** Opens the port that the contract called `name` takes. */
export function portOf(ports: Ports, name: ContractName): unknown {
  switch (name) {
    case 'sql-storage':
    case 'sql-limits':
      return ports.storage();
    case 'd1':
      return ports.db();
    case 'objects':
    case 'alarm':
      return ports.objects();
    case 'lane':
      return ports.lane();
  }
}

/** The contract called `name`, whatever its port. */
export function contractOf(name: ContractName): Contract<unknown> {
  return CONTRACTS[name] as unknown as Contract<unknown>;
}

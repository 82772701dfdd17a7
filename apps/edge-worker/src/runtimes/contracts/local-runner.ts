/**
 * Runs the contracts over the local ports, in whichever runtime executes this file, and prints a line of JSON for each case.
 * With `transcripts <from> <to>` it prints those of the seeds instead.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LaneMessage } from '@errand/core/assignment';
import { localD1 } from '../local/d1.ts';
import { LocalLane } from '../local/lanes.ts';
import { fileOfObject } from '../local/object-files.ts';
import { ObjectIndex } from '../local/object-index.ts';
import { LocalObjects } from '../local/objects.ts';
import { StoredFiles } from '../local/stored-files.ts';
import { verdictOf } from './contract.ts';
import { contractOf, CONTRACTS, portOf, type ContractName, type Ports } from './contracts.ts';
import type { LanePort } from './lane.contract.ts';
import type { ObjectsPort, ProbeFace } from './objects.contract.ts';
import { Probe } from './probe.ts';
import type { SqlPort } from './sql-storage.contract.ts';
import { transcript } from './transcript.ts';

const directory = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'errand contracts '));
const files = new StoredFiles();
const fresh = (): string => join(directory, `${randomUUID()}.sqlite`);

const storage = (): SqlPort => files.at(fresh()) as unknown as SqlPort;

const ports: Ports = {
  storage,
  db: () => localD1(files.at(fresh())),
  objects: openObjects,
  lane: openLane,
};

function openObjects(): ObjectsPort {
  const place = join(directory, randomUUID());
  // Two files at a time, so that every rule is kept while files come and go.
  const few = new StoredFiles(2);
  const objects = new LocalObjects<ProbeFace>({
    index: new ObjectIndex(files.at(fresh())),
    storage: (name) => few.at(join(place, fileOfObject(name))),
    create: ({ name, storage, setAlarm }) => {
      const probe = new Probe({ name, storage: storage as unknown as SqlPort, setAlarm });
      return { face: probe, alarm: () => probe.alarm(), idle: () => true };
    },
    now: () => Date.now(),
  });
  objects.start();
  opening.push(objects);
  return { get: (name) => objects.get(name), unload: async () => objects.unloadIdle(0) };
}

const opening: LocalObjects<ProbeFace>[] = [];

function openLane(): LanePort {
  const begun: LaneMessage[] = [];
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const perform = async (message: LaneMessage): Promise<void> => {
    begun.push(message);
    if (message.taskIds.some((id) => id.startsWith('hold'))) await released;
    if (message.taskIds.some((id) => id.startsWith('fail'))) throw new Error('The message fails on demand.');
  };
  // What begins in its ledger's commit is the ledger's matter: lanes as ports carry messages.
  const performer = { perform, performBegun: () => Promise.reject(new Error('Nothing begins by itself here.')) };
  const lanes = new Map(['automated', 'integration'].map((lane) => [lane, new LocalLane(lane, performer)]));
  return { send: async (lane, messages) => lanes.get(lane)?.send(messages), begun: () => begun, release };
}

async function runContracts(): Promise<void> {
  for (const name of Object.keys(CONTRACTS) as ContractName[]) {
    for (const [i, one] of contractOf(name).cases.entries()) {
      const fault = await verdictOf(one, () => portOf(ports, name));
      console.log(JSON.stringify({ contract: name, i, fault: fault ?? null }));
    }
  }
}

async function runTranscripts(from: number, to: number): Promise<void> {
  for (let seed = from; seed < to; seed++) console.log(JSON.stringify({ seed, lines: await transcript(storage(), seed) }));
}

const [mode, from, to] = process.argv.slice(2);
try {
  if (mode === 'transcripts') await runTranscripts(Number(from), Number(to));
  else await runContracts();
} finally {
  for (const objects of opening) objects.stop();
  files.closeAll();
  rmSync(directory, { recursive: true, force: true });
}

/**
 * Runs the contracts over Cloudflare's own ports, in workerd, and prints a line of JSON for each case.
 * With `transcripts <from> <to>` it prints those of the seeds instead.
 */
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { bundleWorker } from '../cloudflare/bundle.ts';
import { COMPATIBILITY_DATE, CONSUMER } from '../cloudflare/miniflare-options.ts';
import { contractOf, CONTRACTS, type ContractName } from './contracts.ts';

const NAME = 'contracts';
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    workers: [
      {
        name: NAME,
        modules: true,
        script: await bundleWorker(join(import.meta.dirname, 'cloudflare-worker.ts')),
        compatibilityDate: COMPATIBILITY_DATE,
        compatibilityFlags: ['nodejs_compat'],
        durableObjects: { PROBE: { className: 'ProbeObject', useSQLite: true } },
        d1Databases: { D1: 'contracts' },
        queueProducers: { AUTOMATED_LANE: { queueName: 'automated' }, INTEGRATION_LANE: { queueName: 'integration' } },
        queueConsumers: { automated: CONSUMER, integration: CONSUMER },
        serviceBindings: { RUNNER: { name: NAME, entrypoint: 'Runner' } },
      },
    ],
  } as Parameters<typeof convertV4MiniflareOptions>[0]),
);
try {
  const url = await miniflare.ready;
  const [mode, from, to] = process.argv.slice(2);
  if (mode === 'transcripts') await runTranscripts(url, Number(from), Number(to));
  else await runContracts(url);
} finally {
  await miniflare.dispose();
}

async function runTranscripts(url: URL, from: number, to: number): Promise<void> {
  for (let seed = from; seed < to; seed++) console.log(await (await fetch(new URL(`/?transcript=${seed}`, url))).text());
}

async function runContracts(url: URL): Promise<void> {
  // Durable Objects need not refuse what the local storage refuses for the sake of the others.
  for (const name of (Object.keys(CONTRACTS) as ContractName[]).filter((name) => name !== 'sql-limits')) {
    for (let i = 0; i < contractOf(name).cases.length; i++) {
      const answer = await fetch(new URL(`/?contract=${name}&case=${i}`, url));
      console.log(answer.ok ? await answer.text() : JSON.stringify({ contract: name, i, fault: await answer.text() }));
    }
  }
}

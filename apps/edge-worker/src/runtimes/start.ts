/**
 * What `npm start` runs once everything is installed: the example third party, the service on the chosen runtime, and the
 * order story. It starts processes, prints what a newcomer needs to know, and ends what it started.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runStory, type StorySummary } from '@errand/examples/story';
import { publishStoryTypes } from '@errand/examples/story-types';
import { startThirdParty, type ThirdParty } from '@errand/examples/third-party-process';
import { isRuntimeName, runtimeCommand, RUNTIMES, type RuntimeCommand } from './runtime-command.ts';

/** A stop may take this long before what is left is ended. */
const STOP_WITHIN_MS = 8_000;

interface Dev {
  readonly url: string;
  readonly adminUrl: string;
  readonly apiKey: string;
}

const { values: options } = parseArgs({
  options: { story: { type: 'boolean', default: true }, runtime: { type: 'string', default: 'workerd' } },
  allowNegative: true,
});
const { runtime } = options;
if (!isRuntimeName(runtime)) {
  console.error(`There is no runtime "${runtime}". Choose one of ${RUNTIMES.join(', ')}.`);
  process.exit(1);
}
const command = runtimeCommand(runtime);
if (command === undefined) {
  console.error(`${runtime} is not installed. Start it with: npm start -- --runtime=${runtime}`);
  process.exit(1);
}
const directory = resolve(process.env['ERRAND_DATA_DIR'] ?? '.errand');
const stopping = new AbortController();
let psp: ThirdParty | undefined;
let service: ChildProcess | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(0));
// Whoever started this process holds the other end: when that is gone, for whatever reason, so is the service.
process.stdin
  .on('end', () => void stop(0))
  .on('error', () => void stop(0))
  .resume();

try {
  await main(command);
} catch (fault) {
  if (!stopping.signal.aborted) {
    console.error(fault instanceof Error ? fault.message : fault);
    await stop(1);
  }
}

async function main({ program, args }: RuntimeCommand): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const devJson = join(directory, 'dev.json');
  if (options.story) psp = await startThirdParty({ dir: join(directory, 'third-party') });
  const allowed = [process.env['ERRAND_EGRESS_ALLOW'], psp && new URL(psp.url).host].filter(Boolean).join(',');
  service = spawn(program, [...args, '--with-parent'], {
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...process.env, ERRAND_EGRESS_ALLOW: allowed },
  });
  const gone = new Promise<never>((_, fail) => {
    service?.once('exit', (code, signal) => {
      if (!stopping.signal.aborted) void stop(code ?? 1);
      fail(new Error(`The service ended (${code ?? signal}).`));
    });
  });
  gone.catch(() => undefined);
  const dev = await Promise.race([untilReady(devJson, service), gone]);
  const { url, apiKey } = dev;
  if (!options.story) {
    await publishStoryTypes({ url, apiKey });
    return printWhere(dev);
  }
  const summary = await Promise.race([
    runStory({ url, apiKey, dataDir: directory, signal: stopping.signal, ...(psp === undefined ? {} : { thirdParty: psp }) }),
    gone,
  ]);
  printWhere(dev, summary);
}

function printWhere({ url, adminUrl, apiKey }: Dev, summary?: StorySummary): void {
  const waiting = summary === undefined || summary.waiting === 0 ? '' : `  (${summary.waiting} tasks wait for a person)`;
  console.log(`
  Admin app  ${adminUrl}${waiting}
  API        ${url}/v1
  API docs   ${url}/docs/
  Key        ${apiKey}

  Ctrl-C stops the service; its data stays in ${directory}, and the next start goes on with it.`);
  if (summary === undefined) return;
  const { orders, completed, waiting: open, failed, refused, charged } = summary;
  console.log(`story: orders=${orders} completed=${completed} waiting=${open} failed=${failed} refused=${refused} charged=${charged}`);
}

async function untilReady(devJson: string, child: ChildProcess): Promise<Dev> {
  for (;;) {
    if (existsSync(devJson)) {
      const dev = JSON.parse(readFileSync(devJson, 'utf8')) as Dev & { readonly pid: number };
      if (dev.pid === child.pid) return dev;
    }
    await new Promise((done) => setTimeout(done, 20));
  }
}

async function stop(code: number): Promise<void> {
  if (stopping.signal.aborted) return;
  stopping.abort();
  const child = service;
  const ended = child === undefined || child.exitCode !== null ? Promise.resolve() : new Promise((done) => child.once('exit', done));
  child?.kill('SIGTERM');
  const timer = setTimeout(() => child?.kill('SIGKILL'), STOP_WITHIN_MS);
  await Promise.all([ended, psp?.stop()]);
  clearTimeout(timer);
  rmSync(join(directory, 'dev.json'), { force: true });
  process.exit(code);
}

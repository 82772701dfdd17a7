/**
 * Every port keeps its contract on every runtime. Each runtime runs all rules in one process of its own and prints what became
 * of them; here every rule of every runtime is a test.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { contractOf, CONTRACTS, type ContractName } from '../../apps/edge-worker/src/runtimes/contracts/contracts.ts';
import { RUNTIMES, scriptCommand } from '../../apps/edge-worker/src/runtimes/runtime-command.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'apps', 'edge-worker', 'src', 'runtimes', 'contracts');

describe.each(RUNTIMES)('on %s', (runtime) => {
  let running: Promise<Map<string, string | null>> | undefined;

  /** Faults by rule; a rule that was not run is missing. */
  async function run(): Promise<Map<string, string | null>> {
    const command = scriptCommand(runtime, join(FOLDER, runtime === 'workerd' ? 'cloudflare-runner.ts' : 'local-runner.ts'));
    if (command === undefined) throw new Error(`${runtime} is not installed`);
    const { stdout } = await promisify(execFile)(command.program, command.args, { maxBuffer: 1 << 24, timeout: 60_000 });
    const lines = stdout.trim().split('\n');
    return new Map(
      lines.map((line) => {
        const { contract, i, fault } = JSON.parse(line) as { contract: ContractName; i: number; fault: string | null };
        return [`${contract} ${i}`, fault];
      }),
    );
  }

  for (const name of Object.keys(CONTRACTS) as ContractName[]) {
    // What the local storage refuses so that all runtimes answer alike, a Durable Object need not refuse.
    if (runtime === 'workerd' && name === 'sql-limits') continue;
    const { port, cases } = contractOf(name);
    describe(`${port}`, () => {
      it.each(cases.map(({ rule }, i) => [rule, i] as const))(
        '%s',
        async (_rule, i) => {
          const fault = (await (running ??= run())).get(`${name} ${i}`);
          if (fault === undefined) throw new Error('The rule was not run.');
          expect(fault).toBeNull();
        },
        60_000,
      );
    });
  }
});

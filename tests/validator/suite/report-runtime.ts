/** Run by Node, Bun and Deno: prints what this runtime says of the suite and the hostile cases. */
import { judgeRuntime } from './judge-runtime.ts';
import { readSuite } from './suite-data.ts';

console.log(JSON.stringify(judgeRuntime(readSuite() ?? { files: [], remotes: [] }, cpuMs)));

/** Time on the processor, where the runtime tells: others on this machine do not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

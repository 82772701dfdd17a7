/** Every example of the documentation is run against the service, page by page, in the order in which it stands there. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startThirdParty, type ThirdParty } from '@errand/examples/third-party-process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService, temporaryDirectory, type RunningService } from '../service/running-service.ts';
import { readTree, ROOT } from '../tidy/tree.ts';
import { blocksOf, missingIn } from './blocks.ts';
import { runBlock } from './run-block.ts';

const pages = readTree()
  .filter(({ path }) => /^(README|docs\/.*|examples\/.*)\.md$/.test(path))
  .map(({ path, text }) => ({ path, blocks: blocksOf(text) }))
  .filter(({ blocks }) => blocks.length > 0);

const data = temporaryDirectory();
const thirdPartyData = temporaryDirectory();
let service: RunningService;
let thirdParty: ThirdParty;
let env: Record<string, string | undefined>;

beforeAll(async () => {
  thirdParty = await startThirdParty({ dir: thirdPartyData.path });
  service = await startService(data.path, { runtime: 'workerd', env: { ERRAND_EGRESS_ALLOW: new URL(thirdParty.url).host } });
  const { apiKey } = JSON.parse(readFileSync(join(data.path, 'dev.json'), 'utf8')) as { apiKey: string };
  env = {
    ...process.env,
    ERRAND_URL: service.url,
    ERRAND_API_KEY: apiKey,
    ERRAND_REPOSITORY: ROOT,
    THIRD_PARTY_URL: thirdParty.url,
    THIRD_PARTY_TOKEN: thirdParty.token,
    THIRD_PARTY_WEBHOOK_SECRET: thirdParty.webhookSecret,
  };
}, 60_000);
afterAll(async () => {
  await service.stop();
  await thirdParty.stop();
  data.remove();
  thirdPartyData.remove();
});

describe.each(pages)('$path', ({ blocks }) => {
  const directory = mkdtempSync(join(tmpdir(), 'errand reader '));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it.each(blocks.map((block) => [block.line, block] as const))(
    'does what it says at line %i',
    async (_line, block) => {
      const printed = await runBlock(block, { directory, env });
      if (block.answer === undefined) return;
      expect([missingIn(JSON.parse(printed), block.answer), printed]).toEqual([undefined, printed]);
    },
    90_000,
  );
});

describe('an answer in a page', () => {
  it.each([
    [{ a: 1, b: [{ c: 'x' }] }, { b: [{ c: '…' }] }, undefined],
    [{ a: 1 }, { a: 2 }, '$.a is 1, not 2'],
    [{}, { a: '…' }, '$.a is missing'],
    [{ a: [1, 2] }, { a: [1] }, '$.a has 2 items, not 1'],
  ])('%j is held to %j', (actual, expected, fault) => {
    expect(missingIn(actual, expected)).toBe(fault);
  });

  it('stands right after the block that prints it', () => {
    const page = 'Text\n\n```sh run\necho 1\n```\n\n```json answer\n1\n```\n\n```sh\nnot run\n```\n```ts run\nx\n```\n';
    expect(blocksOf(page)).toEqual([
      { language: 'sh', source: 'echo 1\n', line: 3, answer: 1 },
      { language: 'ts', source: 'x\n', line: 14, answer: undefined },
    ]);
  });
});

/** The browser of these tests: Debian's Chromium. Where it is missing it is installed with apt, if that may be. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Nothing but the pages under test: no updates, no reports, no tour. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** Others may be installing at the same time; a download may take its time. */
const APT = ['-o', 'DPkg::Lock::Timeout=120'];
const INSTALL_WITHIN_MS = 240_000;

/** Where the browser is, installed first if need be; `undefined`, with a word why, where there is none. */
export function findChromium(): string | undefined {
  const found = installed();
  if (found !== undefined) return found;
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    return refuse('this machine has no Chromium, and only root on Debian may install it');
  console.log('Installing Chromium for the tests of the admin app …');
  const options = { timeout: INSTALL_WITHIN_MS, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  const packages = [...APT, 'install', '-y', '--no-install-recommends', 'chromium'];
  if (spawnSync('apt-get', packages, options).status !== 0) {
    spawnSync('apt-get', [...APT, 'update'], options);
    spawnSync('apt-get', packages, options);
  }
  return installed() ?? refuse('Chromium could not be installed with apt');
}

export function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ARGS });
}

function installed(): string | undefined {
  return PLACES.find((place) => existsSync(place));
}

function refuse(why: string): undefined {
  console.warn(`The tests of the admin app are skipped: ${why}.`);
}

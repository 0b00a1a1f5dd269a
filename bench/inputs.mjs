// SPDX-License-Identifier: Apache-2.0
// Inputs of the benchmarks: real lock files and advisory archives, and large ones derived from them.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
export const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'plimsoll-bench');
const SHARED = join(ROOT, '..', 'shared');

/** Directory of real locks, and the archives; throws where the corpus is not there. */
export function corpus() {
  const data = join(SHARED, 'data');
  if (!existsSync(data)) throw new Error('the corpus ../shared/data is not there; nothing is measured');
  return { locks: join(data, 'lockfiles', 'package-lock'), archives: join(data, 'advisories') };
}

/** Locks with 1,500 to 50,000 packages and archives with 220,000 more records; made once, about a minute. */
export function scaled() {
  const out = join(CACHE, 'scale');
  if (!existsSync(join(out, '.complete'))) {
    mkdirSync(out, { recursive: true });
    execFileSync('python3', [join(SHARED, 'tools', 'scale.py'), out], { stdio: 'inherit' });
    execFileSync('touch', [join(out, '.complete')]);
  }
  return out;
}

/** A cache directory in which osv-scanner finds the archives of `from`. */
export function osvCache(name, from) {
  const home = join(CACHE, `osv-${name}`);
  for (const ecosystem of ['npm', 'PyPI']) {
    const target = join(home, 'osv-scalibr', ecosystem, 'all.zip');
    const source = join(from, ecosystem, 'all.zip');
    if (!existsSync(target) || sha256(target) !== sha256(source)) cpSync(source, target, { recursive: true });
  }
  return home;
}

export function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

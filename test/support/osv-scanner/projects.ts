// SPDX-License-Identifier: Apache-2.0
// Parts of minimal projects, and of the records that affect them.

type Files = Readonly<Record<string, string | Uint8Array>>;

interface TestRecord {
  readonly id: string;
  readonly affected: readonly { readonly package: { readonly ecosystem: string; readonly name: string } }[];
}

export interface TestProject {
  readonly name: string;
  readonly files: Files;
  readonly records: readonly TestRecord[];
}

export function requirements(...lines: readonly string[]): Files {
  return { 'requirements.txt': `${lines.join('\n')}\n` };
}

/** @param entries of `packages`, besides the root */
export function packageLock(entries: Readonly<Record<string, object>>): Files {
  const packages = { '': { name: 'app', version: '1.0.0' }, ...entries };
  const lock = { name: 'app', version: '1.0.0', lockfileVersion: 3, requires: true, packages };
  return {
    'package.json': JSON.stringify({ name: 'app', version: '1.0.0' }),
    'package-lock.json': JSON.stringify(lock),
  };
}

/** @param dependencies the tree that npm 5 and 6 write */
export function oldPackageLock(dependencies: Readonly<Record<string, object>>): Files {
  return {
    'package.json': JSON.stringify({ name: 'app', dependencies: { left: '1.0.0' } }),
    'package-lock.json': JSON.stringify({ name: 'app', lockfileVersion: 1, requires: true, dependencies }),
  };
}

/** An entry of a package of the registry. */
export function fromRegistry(name: string, version = '1.0.0') {
  return { version, resolved: `https://registry.npmjs.org/${name}/-/${name}-${version}.tgz` };
}

/** @param sources the lines of `package.source` by name; empty for PyPI; each package has the version 1.0 */
export function poetryLock(sources: Readonly<Record<string, string>>): Files {
  const packages = Object.entries(sources).map(
    ([name, source]) => `[[package]]
name = "${name}"
version = "1.0"
description = ""
optional = false
python-versions = "*"
files = []
${source === '' ? '' : `\n[package.source]\n${source}\n`}
`,
  );
  return {
    'poetry.lock': `${packages.join('')}[metadata]\nlock-version = "2.0"\npython-versions = "*"\ncontent-hash = "x"\n`,
  };
}

export const EVERY_VERSION = { ranges: [range({ introduced: '0' })] };

/** @param affected what its entry has besides the package; `top` what the record has */
export function record(
  ecosystem: string,
  name: string,
  affected: object = EVERY_VERSION,
  top: object = {},
): TestRecord {
  return {
    id: `TEST-${name}`,
    modified: '2026-01-01T00:00:00Z',
    affected: [{ package: { ecosystem, name }, ...affected }],
    ...top,
  } as TestRecord;
}

/** A record of each package, of all its versions. */
export function recordsOf(ecosystem: string, ...names: readonly string[]): TestRecord[] {
  return names.map((name) => record(ecosystem, name));
}

/** A range by versions; `type: 'GIT'` for one by commits. */
export function range(...events: readonly Readonly<Record<string, string>>[]) {
  return { type: 'ECOSYSTEM', events };
}

/** One of pip's; `i` tells it from others. */
export function hashOption(i: number): string {
  return `--hash=sha256:${i.toString(16).padStart(64, '0')}`;
}

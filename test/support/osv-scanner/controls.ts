// SPDX-License-Identifier: Apache-2.0
// Projects that osv-scanner and plimsoll read and judge alike, and a configuration in them that must have no say.
import {
  EVERY_VERSION,
  fromRegistry,
  hashOption,
  packageLock,
  poetryLock,
  range,
  record,
  recordsOf,
  requirements,
  type TestProject,
} from './projects.ts';

interface Control extends TestProject {
  /** Records that both report. */
  readonly agreed: number;
}

export const CONTROLS: readonly Control[] = [
  {
    name: 'requirements, with a configuration of osv-scanner that ignores all',
    files: {
      ...requirements(
        'plain==1.0',
        'Upper_Case==1.0',
        'exact === 1.0',
        'extras[a, b]==1.0 ; python_version < "3"',
        'hashed==1.0 \\',
        `    ${hashOption(0)}  # by pip-compile`,
        'early==1.0.1rc1',
        'post==1.0.post1',
        'gone==1.0',
        'unpinned',
        'above>1.0',
        'starred==1.*',
        'linked @ https://example.org/linked-1.0.tar.gz',
        '-r base/common.txt',
      ),
      'base/common.txt': '-rmore.txt\ncommon==1.0\n',
      'base/more.txt': 'more==1.0\n',
      'osv-scanner.toml': '[[PackageOverrides]]\necosystem = "PyPI"\nignore = true\nreason = "x"\n',
    },
    records: [
      ...recordsOf('PyPI', 'plain', 'upper-case', 'exact', 'extras', 'hashed', 'common', 'more'),
      ...recordsOf('PyPI', 'unpinned', 'above', 'starred', 'linked'),
      record('PyPI', 'early', { ranges: [range({ introduced: '0' }, { fixed: '1.0.1' })] }),
      record('PyPI', 'post', { ranges: [range({ fixed: '1.0.1' }, { introduced: '1.0' })] }),
      record('PyPI', 'gone', EVERY_VERSION, { withdrawn: '2026-01-01T00:00:00Z' }),
    ],
    agreed: 9,
  },
  {
    name: 'package-lock.json and poetry.lock, with a configuration of osv-scanner that ignores all',
    files: {
      ...packageLock({
        'node_modules/plain': fromRegistry('plain'),
        'node_modules/alias': { name: 'real', ...fromRegistry('real') },
        'node_modules/unresolved': { version: '1.0.0' },
        'node_modules/plain/node_modules/JSONStream': fromRegistry('JSONStream', '1.0.0-alpha.10'),
        'node_modules/@scope/part': { ...fromRegistry('part'), dev: true },
      }),
      ...poetryLock({
        'Mixed.Case': '',
        mirrored: 'type = "legacy"\nurl = "https://example.org/simple"\nreference = "own"',
      }),
      'osv-scanner.toml': '[[PackageOverrides]]\nignore = true\nreason = "x"\n',
    },
    records: [
      ...recordsOf('npm', 'plain', 'real', 'unresolved', '@scope/part'),
      record('npm', 'JSONStream', {
        ranges: [range({ introduced: '1.0.0-alpha.9' }, { last_affected: '1.0.0' })],
      }),
      ...recordsOf('PyPI', 'mixed-case', 'mirrored'),
    ],
    agreed: 7,
  },
];

// SPDX-License-Identifier: Apache-2.0
// Minimal projects, each with what osv-scanner 2.5.0 does otherwise than plimsoll, seen by running it.
import type { Reason } from './differences.ts';
import {
  EVERY_VERSION,
  fromRegistry,
  hashOption,
  oldPackageLock,
  packageLock,
  poetryLock,
  range,
  record,
  recordsOf,
  requirements,
  type TestProject,
} from './projects.ts';

export interface Trap extends TestProject {
  readonly reason: Reason;
  /** What one side alone reads or reports: `SIDE PROJECT: NAME VERSION [ID]`. */
  readonly lines: readonly string[];
}

const COMMITS = { type: 'GIT', repo: 'https://example.org/x.git', events: [{ introduced: '0' }] };

/** What a record has that osv-scanner does not know, by the name of the package that it affects. */
const NOVELTIES: Readonly<Record<string, { readonly affected?: object; readonly [key: string]: unknown }>> = {
  field: { novelty: 1 },
  'affected-field': { affected: { ...EVERY_VERSION, novelty: 1 } },
  'range-type': { affected: { ranges: [range({ introduced: '0' }), { type: 'CALENDAR', events: [] }] } },
  'severity-type': { severity: [{ type: 'CVSS_V5', score: 'CVSS:5.0' }] },
  'reference-type': { references: [{ type: 'BLOG', url: 'https://example.org' }] },
  'credit-type': { credits: [{ name: 'x', type: 'BARD' }] },
  date: { published: '2026-01-01' },
  number: { summary: 3 },
};

export const TRAPS: readonly Trap[] = [
  {
    name: 'lower bounds, upper bounds and compatible releases',
    reason: 'range-read-as-pin',
    files: requirements('ge>=1.0', 'le<=1.0', 'compatible~=1.0'),
    records: recordsOf('PyPI', 'ge', 'le', 'compatible'),
    lines: onlyTheirs('requirements.txt', ['ge 1.0', 'le 1.0', 'compatible 1.0']),
  },
  {
    name: 'a lower bound that is included by way of another file',
    reason: 'range-read-as-pin',
    files: {
      ...requirements('left==1.0', '-r base/common.txt'),
      'base/common.txt': '-r more.txt\n',
      'base/more.txt': 'right>=1.0\n',
    },
    records: recordsOf('PyPI', 'left', 'right'),
    lines: onlyTheirs('requirements.txt', ['right 1.0']),
  },
  {
    name: 'a pin among several specifiers, or in parentheses',
    reason: 'pin-not-read',
    files: requirements('several==1.0,!=1.1', 'parentheses (==1.0)'),
    records: recordsOf('PyPI', 'several', 'parentheses'),
    lines: onlyOurs('requirements.txt', ['several 1.0', 'parentheses 1.0']),
  },
  {
    name: 'a version that a constraints file gives',
    reason: 'constraints-not-read',
    files: {
      ...requirements('-c constraints.txt', 'plain', 'ranged>=0.5'),
      'constraints.txt': 'plain==1.0\nranged==1.0\n',
    },
    records: recordsOf('PyPI', 'plain', 'ranged'),
    lines: [
      ...onlyOurs('requirements.txt', ['plain 1.0', 'ranged 1.0']),
      ...onlyTheirs('requirements.txt', ['ranged 0.5']),
    ],
  },
  {
    name: 'the long form of -r, and a quoted name',
    reason: 'include-not-followed',
    files: {
      ...requirements('--requirement long.txt', '--requirement=equals.txt', '-r "two words.txt"'),
      'long.txt': 'long==1.0\n',
      'equals.txt': 'equals==1.0\n',
      'two words.txt': 'words==1.0\n',
    },
    records: recordsOf('PyPI', 'long', 'equals', 'words'),
    lines: onlyOurs('requirements.txt', ['long 1.0', 'equals 1.0', 'words 1.0']),
  },
  {
    name: 'a file beside the tree',
    reason: 'include-outside-of-the-tree',
    files: { ...requirements('left==1.0', '-r ../outside.txt'), '../outside.txt': 'right==1.0\n' },
    records: recordsOf('PyPI', 'left', 'right'),
    lines: onlyTheirs('requirements.txt', ['right 1.0']),
  },
  {
    name: 'a file beside the tree that includes another',
    reason: 'include-outside-of-the-tree',
    files: {
      ...requirements('left==1.0', '-r ../outside.txt'),
      'other/requirements.txt': 'left==1.0\n',
      '../outside.txt': '-r more.txt\n',
      '../more.txt': 'right==1.0\n',
    },
    records: recordsOf('PyPI', 'left', 'right'),
    lines: [
      'osv-scanner requirements.txt: expected a report of osv-scanner, got one on a file that it was not given',
    ],
  },
  {
    name: 'a file that Windows PowerShell wrote',
    reason: 'utf-16-not-read',
    files: { 'requirements.txt': Buffer.from('\ufeffleft==1.0\r\n', 'utf16le') },
    records: recordsOf('PyPI', 'left'),
    lines: onlyOurs('requirements.txt', ['left 1.0']),
  },
  {
    name: 'a requirements file that begins with a byte order mark',
    reason: 'byte-order-mark',
    files: { 'requirements.txt': '\ufeffleft==1.0\nright==1.0\n' },
    records: recordsOf('PyPI', 'left', 'right'),
    lines: onlyOurs('requirements.txt', ['left 1.0']),
  },
  {
    name: 'a package-lock.json that begins with a byte order mark',
    reason: 'byte-order-mark',
    files: {
      ...requirements('right==1.0'),
      'package-lock.json': `\ufeff${packageLock({ 'node_modules/left': fromRegistry('left') })['package-lock.json']}`,
    },
    records: [...recordsOf('npm', 'left'), ...recordsOf('PyPI', 'right')],
    lines: [
      fails('package-lock.json', "could not extract: invalid character 'ï' looking for beginning of value"),
    ],
  },
  {
    name: 'a line of more than 64 KiB',
    reason: 'long-line-fails-the-file',
    files: requirements(`left==1.0 ${Array.from({ length: 900 }, (_, i) => hashOption(i)).join(' ')}`),
    records: recordsOf('PyPI', 'left'),
    lines: [fails('requirements.txt', 'bufio.Scanner: token too long')],
  },
  {
    name: 'a line with the name of a variable',
    reason: 'environment-variable',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: pip's own notation
    files: requirements('left==1.0 ; platform_machine != "${ARCH}"', 'right==1.0'),
    records: recordsOf('PyPI', 'left', 'right'),
    lines: onlyOurs('requirements.txt', ['left 1.0']),
  },
  {
    name: 'a comment that ends with a backslash',
    reason: 'comment-with-backslash',
    files: requirements('left==1.0 # for now \\', 'right==1.0'),
    records: recordsOf('PyPI', 'left', 'right'),
    lines: onlyTheirs('requirements.txt', ['right 1.0']),
  },
  {
    name: 'lines that end with a carriage return alone',
    reason: 'line-ends',
    files: { 'requirements.txt': 'left==1.0\rright==1.0\r' },
    records: recordsOf('PyPI', 'left', 'right'),
    lines: [
      ...onlyOurs('requirements.txt', ['left 1.0', 'right 1.0']),
      ...onlyTheirs('requirements.txt', ['left 1.0\rright==1.0']),
    ],
  },
  {
    name: 'a bundled package of npm 5, beside a lock that it can read',
    reason: 'resolved-false-fails-the-file',
    files: {
      ...requirements('right==1.0'),
      ...oldPackageLock({
        left: {
          ...fromRegistry('left'),
          dependencies: { inner: { version: '1.0.0', bundled: true, resolved: false } },
        },
      }),
    },
    records: [...recordsOf('npm', 'left'), ...recordsOf('PyPI', 'right')],
    lines: [
      fails(
        'package-lock.json',
        'could not extract: json: cannot unmarshal bool into Go struct field Dependency.dependencies.dependencies.resolved of type string',
      ),
    ],
  },
  {
    name: 'npm packages from git, an address, a file and a workspace',
    reason: 'other-origin-matched-by-name',
    files: packageLock({
      'node_modules/git': {
        version: '1.0.0',
        resolved: `git+ssh://git@github.com/x/git.git#${'a'.repeat(40)}`,
      },
      'node_modules/address': { version: '1.0.0', resolved: 'https://example.org/address.tgz' },
      'node_modules/file': { version: '1.0.0', resolved: 'file:file.tgz' },
      'node_modules/workspace': { resolved: 'packages/workspace', link: true },
      'packages/workspace': { name: 'workspace', version: '1.0.0' },
    }),
    records: recordsOf('npm', 'git', 'address', 'file', 'workspace'),
    lines: onlyTheirs('package-lock.json', ['git 1.0.0', 'address 1.0.0', 'file 1.0.0', 'workspace 1.0.0']),
  },
  {
    name: 'Python packages from git, an address, a file and a directory',
    reason: 'other-origin-matched-by-name',
    files: poetryLock({
      git: `type = "git"\nurl = "https://example.org/git.git"\nreference = "main"\nresolved_reference = "${'a'.repeat(40)}"`,
      address: 'type = "url"\nurl = "https://example.org/address-1.0.tar.gz"',
      file: 'type = "file"\nurl = "file-1.0.tar.gz"',
      directory: 'type = "directory"\nurl = "directory"',
    }),
    records: recordsOf('PyPI', 'git', 'address', 'file', 'directory'),
    lines: onlyTheirs('poetry.lock', ['git 1.0', 'address 1.0', 'file 1.0', 'directory 1.0']),
  },
  {
    name: 'a version of before PEP 440',
    reason: 'version-not-pep-440',
    files: requirements('left==2004d', 'right==1.0'),
    records: [record('PyPI', 'left', { versions: ['2004d'] }), ...recordsOf('PyPI', 'right')],
    lines: onlyTheirs('requirements.txt', ['left 2004d']),
  },
  {
    name: 'a record of a package under another spelling of its name',
    reason: 'record-name-not-normalised',
    files: requirements('jw-util==1.0'),
    records: recordsOf('PyPI', 'jw.util'),
    lines: ['plimsoll requirements.txt: jw-util 1.0 TEST-jw.util'],
  },
  {
    name: 'a listed version in another spelling',
    reason: 'versions-compared-as-text',
    files: {
      ...requirements('short==1.0', 'long==1.0.0'),
      ...packageLock({
        'node_modules/build': fromRegistry('build', '1.0.0+b1'),
        'node_modules/prefix': fromRegistry('prefix'),
      }),
    },
    records: [
      record('PyPI', 'short', { versions: ['1.0.0'] }),
      record('PyPI', 'long', { versions: ['1.0'] }),
      record('npm', 'build', { versions: ['1.0.0'] }),
      record('npm', 'prefix', { versions: ['v1.0.0'] }),
    ],
    lines: [
      'plimsoll requirements.txt: short 1.0 TEST-short',
      'plimsoll requirements.txt: long 1.0.0 TEST-long',
      'plimsoll package-lock.json: build 1.0.0+b1 TEST-build',
      'plimsoll package-lock.json: prefix 1.0.0 TEST-prefix',
    ],
  },
  {
    name: 'the second record of a problem, in another spelling',
    reason: 'versions-compared-as-text',
    files: requirements('left==1.0'),
    records: [
      record('PyPI', 'left', { versions: ['1.0'] }, { aliases: ['CVE-2026-1'] }),
      record('PyPI', 'left', { versions: ['1.0.0'] }, { id: 'TEST-second', aliases: ['CVE-2026-1'] }),
    ],
    lines: ['plimsoll requirements.txt: left 1.0 TEST-second'],
  },
  {
    name: 'a version that is a later build of the last affected one',
    reason: 'local-version',
    files: requirements('last==2.0.0+cu118', 'listed==2.0.0+cu118', 'fixed==2.0.0+cu118'),
    records: [
      record('PyPI', 'last', { ranges: [range({ introduced: '0' }, { last_affected: '2.0.0' })] }),
      record('PyPI', 'listed', { versions: ['2.0.0'] }),
      record('PyPI', 'fixed', { ranges: [range({ introduced: '0' }, { fixed: '2.0.0' })] }),
    ],
    lines: [
      'plimsoll requirements.txt: last 2.0.0+cu118 TEST-last',
      'plimsoll requirements.txt: listed 2.0.0+cu118 TEST-listed',
    ],
  },
  {
    name: 'a range of commits before that of versions',
    reason: 'git-range-first',
    files: requirements('before==1.0', 'after==1.0'),
    records: [
      record('PyPI', 'before', { ranges: [COMMITS, range({ introduced: '0' }, { fixed: '2.0' })] }),
      record('PyPI', 'after', { ranges: [range({ introduced: '0' }, { fixed: '2.0' }), COMMITS] }),
    ],
    lines: ['plimsoll requirements.txt: before 1.0 TEST-before'],
  },
  {
    name: 'a range with a limit',
    reason: 'limit-ignored',
    files: requirements('left==2.0', 'below==1.9'),
    records: ['left', 'below'].map((name) =>
      record('PyPI', name, { ranges: [range({ introduced: '0' }, { limit: '2.0' })] }),
    ),
    lines: ['osv-scanner requirements.txt: left 2.0 TEST-left'],
  },
  {
    name: 'one version that both fixes and introduces',
    reason: 'equal-versions',
    files: requirements('fixed-first==1.0', 'introduced-first==1.0'),
    records: [
      record('PyPI', 'fixed-first', { ranges: [range({ fixed: '1.0' }, { introduced: '1.0' })] }),
      record('PyPI', 'introduced-first', { ranges: [range({ introduced: '1.0' }, { fixed: '1.0' })] }),
    ],
    lines: ['osv-scanner requirements.txt: fixed-first 1.0 TEST-fixed-first'],
  },
  {
    name: 'an event without a version that it could be',
    reason: 'malformed-event',
    files: {
      ...requirements('word==1.5'),
      ...packageLock({ 'node_modules/four': fromRegistry('four') }),
    },
    records: [
      record('PyPI', 'word', { ranges: [range({ introduced: '0' }, { fixed: 'banana' })] }),
      record('npm', 'four', { ranges: [range({ introduced: '0' }, { fixed: '1.0.0.1' })] }),
    ],
    lines: [
      'plimsoll requirements.txt: word 1.5 TEST-word',
      'plimsoll package-lock.json: four 1.0.0 TEST-four',
    ],
  },
  {
    name: 'what its version of the schema does not have',
    reason: 'record-dropped',
    files: requirements(...Object.keys(NOVELTIES).map((name) => `${name}==1.0`)),
    records: Object.entries(NOVELTIES).map(([name, { affected = EVERY_VERSION, ...top }]) =>
      record('PyPI', name, affected, top),
    ),
    lines: Object.keys(NOVELTIES).map((name) => `plimsoll requirements.txt: ${name} 1.0 TEST-${name}`),
  },
];

/** Lines of packages that plimsoll alone reads, each with the record of that name. */
function onlyOurs(project: string, packages: readonly string[]): string[] {
  return packages.flatMap((each) => only('plimsoll', project, each));
}

function onlyTheirs(project: string, packages: readonly string[]): string[] {
  return packages.flatMap((each) => only('osv-scanner', project, each));
}

function only(side: string, project: string, each: string): string[] {
  const line = `${side} ${project}: ${each}`;
  return [line, `${line} TEST-${each.slice(0, each.indexOf(' '))}`];
}

function fails(project: string, reason: string): string {
  return `osv-scanner ${project}: expected a report of osv-scanner, got exit status 127 and no report: ${reason}`;
}

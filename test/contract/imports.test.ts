// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPO_ROOT } from '../support/shared-data.ts';

const SRC = join(REPO_ROOT, 'src');
const ROLES = [
  'collectors',
  'advisories',
  'licenses',
  'scanners',
  'secrets',
  'policy',
  'sbom',
  'reports',
  'signing',
  'ci',
];

/** What each folder may import from, besides itself. `src` stands for the files of `src/` itself. */
const ALLOWED = new Map<string, readonly string[]>([
  ['model', []],
  ['findings', ['model']],
  ['versions', ['model']],
  ['platform', ['model']],
  ...ROLES.map((role) => [role, ['model', 'findings', 'versions', 'platform']] as const),
  ['src', ['model', 'findings', 'versions', 'platform', ...ROLES]],
  ['cli', ['model', 'findings', 'versions', 'platform', ...ROLES, 'src']],
]);

/** Modules that reach out of the process, and the one file that may import them. */
const RESTRICTED = new Map<string, string>([
  ['child_process', 'platform/process.ts'],
  ['cluster', ''],
  ['worker_threads', ''],
  ['vm', ''],
  ['execa', 'platform/process.ts'],
  ...['http', 'https', 'http2', 'net', 'tls', 'dns', 'dns/promises', 'dgram', 'undici'].map(
    (module) => [module, 'platform/http.ts'] as const,
  ),
]);

interface Import {
  readonly file: string;
  readonly specifier: string;
}

const imports = sources().flatMap(importsOf);

describe('imports', () => {
  it('are found in every form', () => {
    const text = [
      "import a from 'one';",
      "import type { b } from 'two';",
      "import {\n  c,\n  type d,\n} from 'three';",
      "import 'four';",
      "export { e } from 'five';",
      "export type * from 'six';",
      "export const not = ['none'];",
      "export function nor(text = 'none') {}",
      "const f = await import('seven');",
      "const g = require('eight');",
      "type H = import('nine').H;",
    ].join('\n');
    expect(specifiersOf(text)).toEqual([
      'one',
      'two',
      'three',
      'four',
      'five',
      'six',
      'seven',
      'eight',
      'nine',
    ]);
    expect(imports.length).toBeGreaterThan(100);
  });

  it('go one way: model <- findings, versions, platform <- roles <- scan <- cli', () => {
    const wrong = imports.filter(({ file, specifier }) => {
      if (!specifier.startsWith('.')) return false;
      const target = posix.join(posix.dirname(file), specifier);
      // The facts of the package (its version) stand above src.
      if (target.startsWith('..')) return target !== '../package.json';
      const [from, to] = [layer(file), layer(target)];
      return from !== to && !(ALLOWED.get(from) ?? []).includes(to);
    });
    expect(wrong).toEqual([]);
  });

  it('name every folder of src', () => {
    expect(
      sources()
        .map(layer)
        .filter((folder) => !ALLOWED.has(folder)),
    ).toEqual([]);
  });

  it('reach the network and other processes only where one module does', () => {
    const wrong = imports.filter(({ file, specifier }) => {
      const owner = RESTRICTED.get(specifier.replace(/^node:/, ''));
      return owner !== undefined && owner !== file;
    });
    expect(wrong).toEqual([]);
  });

  it('are of Node by its prefix, and of files by their extension', () => {
    const wrong = imports.filter(({ specifier }) =>
      specifier.startsWith('.')
        ? !/\.(ts|json)$/.test(specifier)
        : /^(fs|path|os|crypto|util|url)(\/|$)/.test(specifier),
    );
    expect(wrong).toEqual([]);
  });
});

it.each([
  ['fetch', /(?<![.\w])fetch\s*\(/, 'platform/http.ts'],
  ['WebSocket', /\bnew WebSocket\b|\bEventSource\b/, ''],
  ['eval', /(?<![.\w])eval\s*\(|\bnew Function\b/, ''],
  ['process.env', /\bprocess\.env\b/, 'cli/'],
  ['console', /(?<![.\w])console\.\w+\(/, 'cli/'],
  ['Date.now', /\bDate\.now\(|\bnew Date\(\s*\)/, 'platform/clock.ts'],
  ['localeCompare', /\.localeCompare\(|\bIntl\./, ''],
  ['Math.random', /\bMath\.random\(/, ''],
])('%s is used only where it may be', (_, pattern, owner) => {
  const wrong = sources().filter(
    (file) => !(owner !== '' && file.startsWith(owner)) && pattern.test(withoutComments(read(file))),
  );
  expect(wrong).toEqual([]);
});

function sources(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => path.split(sep).join('/'))
    .sort();
}

function importsOf(file: string): Import[] {
  return specifiersOf(read(file)).map((specifier) => ({ file, specifier }));
}

function specifiersOf(text: string): string[] {
  const pattern =
    /^(?:import|export)\b[^'";=(]*\bfrom\s*'([^']+)'|^import\s*'([^']+)'|\b(?:import|require)\(\s*'([^']+)'/gm;
  return [...withoutComments(text).matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/** Enough for our own code: no string of ours holds `//` after a blank, or a block comment. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

function layer(path: string): string {
  const slash = path.indexOf('/');
  return slash === -1 ? 'src' : path.slice(0, slash);
}

function read(file: string): string {
  return readFileSync(join(SRC, file), 'utf8');
}

// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { load } from '../policy/support.ts';
import { anchors, codeBlocks, documents, links, readDocument } from '../support/markdown.ts';
import { plimsoll } from '../support/program.ts';
import { REPO_ROOT } from '../support/shared-data.ts';

const README = readDocument('README.md');

it('what programs print is current (else run: npm run docs)', () => {
  for (const script of ['docs.mjs', 'picture.mjs']) {
    execFileSync(process.execPath, [join(REPO_ROOT, 'scripts', script), '--check'], { stdio: 'pipe' });
  }
});

describe('docs/commands.md', () => {
  const text = readDocument('docs/commands.md');

  it('has the help text of every command', () => {
    const commands = allCommands([]);
    expect(commands).toEqual(expect.arrayContaining(['plimsoll', 'plimsoll scan', 'plimsoll db import']));
    expect(commands.filter((command) => !text.includes(`<!-- run: ${command} --help -->`))).toEqual([]);
  });

  it('has a table of what is read and written for every command that does something', () => {
    const doing = allCommands([]).filter(
      (command) => !/^Commands:$/m.test(help(command.split(' ').slice(1))),
    );
    const sections = text.split(/^## |^### /m).filter((section) => /^\| exit codes +\|/m.test(section));
    expect(sections.map((section) => `plimsoll ${section.split('\n')[0]}`).sort()).toEqual(doing.sort());
  });
});

it.each(documents())('%s: every relative link leads to a file and a heading', (path) => {
  const text = readDocument(path);
  const broken = links(text).filter((target) => {
    if (/^(https?|mailto):/.test(target)) return false;
    const [file = '', anchor] = target.split('#');
    const to = file === '' ? path : posix.join(posix.dirname(path), file);
    if (!existsSync(join(REPO_ROOT, to))) return true;
    return anchor !== undefined && !anchors(readDocument(to)).has(anchor);
  });
  expect(broken).toEqual([]);
});

it('docs/README.md links every document below docs/', () => {
  const linked = links(readDocument('docs/README.md')).map((target) => `docs/${target}`);
  const pages = documents().filter((path) => path.startsWith('docs/') && path !== 'docs/README.md');
  expect(pages.filter((path) => !linked.includes(path))).toEqual([]);
});

const POLICIES = documents().flatMap((path) =>
  codeBlocks(readDocument(path), 'yaml')
    .filter((text) => parse(text).jobs === undefined)
    .map((text, i) => ({ name: `${path} ${i + 1}`, text })),
);
it.each(POLICIES)('the policy $name loads', async ({ text }) => {
  expect((await load(text)).files[0]).toBe('plimsoll.yaml');
});

describe('README.md', () => {
  it('begins with the two commands that everybody tries', () => {
    expect(README.match(/^```\w*\n([\s\S]*?)^```$/m)?.[1]).toBe('npm ci && npm start\nnpm ci && npm test\n');
  });

  it('has a policy among its examples', () => {
    expect(POLICIES.filter(({ name }) => name.startsWith('README.md'))).toHaveLength(1);
  });

  it('names only exit codes, scripts and programs that exist', () => {
    const { scripts } = JSON.parse(readDocument('package.json'));
    const named = [...README.matchAll(/npm (?:run )?(start|test|[a-z]+:[a-z]+)/g)].map(
      ([, name = '']) => name,
    );
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
    const codes = [...README.matchAll(/^\| (\d+(?:, \d+)*) +\|/gm)].flatMap(([, cell = '']) =>
      cell.split(', '),
    );
    expect(codes.every((code) => Object.values<number>(EXIT).includes(Number(code)))).toBe(true);
  });
});

it('docs/exit-codes.md has a row for every exit code and no other', () => {
  const rows = [...readDocument('docs/exit-codes.md').matchAll(/^\| (\d+) +\|/gm)].map(([, code]) =>
    Number(code),
  );
  expect(rows).toEqual(Object.values(EXIT));
});

describe('docs/threat-model.md', () => {
  const text = readDocument('docs/threat-model.md');
  const rows = text.split('\n').filter((line) => line.startsWith('| ') && !/^\| (goal|---)/.test(line));
  const named = [...text.matchAll(/`(test\/[^`]+)` > `([^`]+)`/g)].map(([, file = '', name = '']) => ({
    file,
    name,
  }));

  it('names a test for every goal', () => {
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.filter((row) => !/`test\/[^`]+\.test\.ts` > `[^`]+`/.test(row))).toEqual([]);
  });

  it('names only tests that exist', () => {
    const missing = named.filter(({ file, name }) => {
      if (!existsSync(join(REPO_ROOT, file))) return true;
      const source = readDocument(file);
      return !["'", '"', '`'].some((quote) => source.includes(`${quote}${name}${quote}`));
    });
    expect(missing).toEqual([]);
  });
});

describe('docs/library.md', () => {
  const folder = 'test/package/consumer/examples';

  it('shows the examples that the tests compile with the packed package, and no other', () => {
    const examples = readdirSync(join(REPO_ROOT, folder)).map((name) =>
      readDocument(`${folder}/${name}`).replace(/^\/\/ SPDX.*\n/, ''),
    );
    expect(codeBlocks(readDocument('docs/library.md'), 'ts').sort()).toEqual(examples.sort());
  });

  it('names every option of scan', () => {
    const source =
      readDocument('src/scan.ts').match(/export interface ScanOptions \{([\s\S]*?)^\}/m)?.[1] ?? '';
    const options = [...source.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name]) => name);
    const documented = [...readDocument('docs/library.md').matchAll(/^\| `(\w+)` +\|/gm)].map(
      ([, name]) => name,
    );
    expect(options.length).toBeGreaterThan(10);
    expect(documented).toEqual(options);
  });
});

function allCommands(names: readonly string[]): string[] {
  const list = help(names).match(/^Commands:\n((?: {2}.*\n)+)/m)?.[1] ?? '';
  const children = [...list.matchAll(/^ {2}([a-z]\S*)/gm)].map(([, name = '']) => name);
  return [
    ['plimsoll', ...names].join(' '),
    ...children.filter((name) => name !== 'help').flatMap((name) => allCommands([...names, name])),
  ];
}

function help(names: readonly string[]): string {
  return plimsoll([...names, '--help']).stdout;
}

// SPDX-License-Identifier: Apache-2.0
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation of pip

import { describe, expect, it } from 'vitest';
import type { CollectContext } from '../../../src/collectors/collector.ts';
import { MAX_ALTERNATIVES } from '../../../src/collectors/python/requirements-entries.ts';
import { PlimsollError } from '../../../src/platform/errors.ts';
import { memoryContext } from '../../support/memory-files.ts';
import { collect, collectOne, messages, names, packages, statuses } from './collect-requirements.ts';

describe('requirements, includes and constraints', () => {
  it('R3: follows -r, --requirement=, -rFILE and -c relative to the including file, with the chain', async () => {
    const project = await collectOne({
      'requirements.txt': '\n-r deps/a.txt\n',
      'deps/a.txt': '--requirement=b/b.txt\n-c ../pins.txt\na==1\n',
      'deps/b/b.txt': '-rc.txt\nb==1\n',
      'deps/b/c.txt': 'c\n',
      'pins.txt': 'c==3\nunused==1\n',
    });
    expect(names(project)).toEqual(['a@1', 'b@1', 'c@3']);
    expect(project.project.files).toEqual([
      'deps/a.txt',
      'deps/b/b.txt',
      'deps/b/c.txt',
      'pins.txt',
      'requirements.txt',
    ]);
    expect(packages(project)[2]).toMatchObject({
      pinning: 'resolved',
      includedFrom: [
        { uri: 'requirements.txt', startLine: 2 },
        { uri: 'deps/a.txt', startLine: 1 },
        { uri: 'deps/b/b.txt', startLine: 1 },
      ],
      locations: [
        { uri: 'deps/b/c.txt', startLine: 1 },
        { uri: 'pins.txt', startLine: 1, requirement: '==3' },
      ],
    });
  });

  it('R3: a constraint applies only where the requirement admits it and has no version', async () => {
    const project = await collectOne({
      'requirements.txt': 'a==1\nb>=2\nc\nd\ne>=${MIN}\nf @ https://h.example/f.zip\n-c pins.txt\n',
      'pins.txt': 'a==9\nb==1\nc>=1\nD==4; os_name=="x"\nd==5; os_name!="x"\ne==1\nf==1\n',
    });
    expect(names(project)).toEqual(['a@1', 'b', 'c', 'd@4', 'd@5', 'e', 'f']);
  });

  it('tells of constraints beyond the limit of a name, once', async () => {
    const pins = Array.from({ length: MAX_ALTERNATIVES + 2 }, (_, i) => `x==${i}`);
    const files = { 'requirements.txt': '-c pins.txt\nx\ny==1', 'pins.txt': pins.join('\n') };
    const project = await collectOne(files);
    expect(names(project)).toHaveLength(MAX_ALTERNATIVES + 1);
    expect(statuses(project)).toEqual(['partial limit-exceeded']);
    expect(messages(project)).toEqual([
      'pins.txt:51: expected at most 50 constraints of x, got more; the others are left out',
    ]);
    const fitting = await collectOne({ ...files, 'pins.txt': pins.slice(2).join('\n') });
    expect(statuses(fitting)).toEqual(['succeeded']);
  });

  it('tells of versions beyond the limit of a name that have no edges', async () => {
    const lines = Array.from({ length: MAX_ALTERNATIVES + 1 }, (_, i) => `x==${i}`);
    const child = 'y==1\n    # via x';
    const project = await collectOne([...lines, child].join('\n'));
    expect(statuses(project)).toEqual(['partial limit-exceeded']);
    expect(messages(project)).toEqual([
      'requirements.txt:51: expected at most 50 versions of x with edges, got more; the others are left out',
    ]);
    expect(statuses(await collectOne([...lines.slice(1), lines[1], child].join('\n')))).toEqual([
      'succeeded',
    ]);
  });

  it.each(['-e ./x', 'x[extra]==1', './x'])('R3: pip takes no %s for a constraint', async (line) => {
    const project = await collectOne({ 'requirements.txt': '-c pins.txt\nx', 'pins.txt': line });
    expect(messages(project)).toEqual([expect.stringMatching(/^pins\.txt:1: expected a name and a version/)]);
  });

  it('R3: -r within a constraints file adds requirements again, as in pip', async () => {
    const project = await collectOne({
      'requirements.txt': '-c pins.txt',
      'pins.txt': 'a==1\n-r more.txt',
      'more.txt': 'b==1',
    });
    expect(names(project)).toEqual(['b@1']);
  });

  it.each([
    ['https://h.example/r.txt', 'a URL is never fetched'],
    ['file:///etc/r.txt', 'a URL is never fetched'],
    ['${HOME}/r.txt', 'an environment variable is never expanded'],
    ['../../r.txt', 'it lies outside the scan root'],
    ['/etc/passwd', 'it lies outside the scan root'],
    ['missing.txt', 'no such file'],
  ])('R3: -r %s is skipped and makes the project partial', async (target, reason) => {
    const project = await collectOne({ 'app/requirements.txt': `a==1\n-r ${target}\n` });
    expect(statuses(project)).toEqual(['partial include-not-followed']);
    expect(project.skipped).toEqual([
      {
        project: 'app/requirements.txt',
        location: { uri: 'app/requirements.txt', startLine: 2 },
        text: `-r ${target}`,
        reason,
      },
    ]);
    expect(names(project)).toEqual(['a@1']);
  });

  it('R3: an include that cannot be read is partial, a root that cannot be read is failed', async () => {
    const files = { 'requirements.txt': 'a==1\n-r big.txt', 'requirements/x.txt': 'x' };
    const context: CollectContext = {
      files: {
        async read(path) {
          if (path === 'requirements.txt') return Buffer.from(files[path]);
          throw new PlimsollError(path === 'big.txt' ? 'file-too-large' : 'file-unreadable', `${path}: no`);
        },
      },
    };
    const [first, second] = await collect(files, context);
    expect([statuses(first!), statuses(second!)]).toEqual([
      ['partial include-not-followed'],
      ['failed unreadable'],
    ]);
    expect(first!.project.files).toEqual(['big.txt', 'requirements.txt']);
    expect(second!.components.map((c) => c.origin)).toEqual(['workspace']);
  });

  it('an aborted scan is not a gap of the file', async () => {
    const context = { ...memoryContext({ 'requirements.txt': '' }), signal: AbortSignal.abort() };
    await expect(collectOne('', context)).rejects.toMatchObject({ code: 'aborted' });
  });

  it('R3: a circle is one project, an error where it closes, and read once', async () => {
    const project = await collectOne({
      'b-requirements.txt': '-r a-requirements.txt\nb==1',
      'a-requirements.txt': 'a==1\n-r c.txt',
      'c.txt': '-r b-requirements.txt\nc==1',
    });
    expect(project.project.id).toBe('a-requirements.txt');
    expect(names(project)).toEqual(['a@1', 'b@1', 'c@1']);
    expect(messages(project)).toEqual([
      'b-requirements.txt:1: expected an include that does not lead back to itself, got "-r a-requirements.txt"',
    ]);
  });

  it('R3: a circle that is entered from outside has no root of its own', async () => {
    const projects = await collect({
      'requirements-a.txt': '-r requirements-b.txt',
      'requirements-b.txt': '-r requirements-a.txt',
      'requirements-z.txt': '-r requirements-b.txt',
    });
    expect(projects.map(({ project }) => project.id)).toEqual(['requirements-z.txt']);
  });

  it('a file under two roots is part of both, and counts once in each', async () => {
    const projects = await collect({
      'requirements.txt': '-r requirements/base.txt\n-r requirements/base.txt',
      'requirements-dev.txt': '-r requirements/base.txt\ny==1',
      'requirements/base.txt': 'x==1',
    });
    expect(projects.map((p) => [p.project.id, ...names(p)])).toEqual([
      ['requirements-dev.txt', 'x@1', 'y@1'],
      ['requirements.txt', 'x@1'],
    ]);
    expect(projects.map((p) => packages(p)[0]?.scopes)).toEqual([['dev'], ['runtime']]);
    expect(packages(projects[1]!)[0]?.locations).toHaveLength(1);
  });

  it('a requirements file that is only a constraint elsewhere keeps its own project', async () => {
    const projects = await collect({
      'requirements.txt': 'x==1',
      'dev-requirements.txt': '-c requirements.txt\nx',
    });
    expect(projects.map((p) => [p.project.id, ...names(p)])).toEqual([
      ['dev-requirements.txt', 'x@1'],
      ['requirements.txt', 'x@1'],
    ]);
  });

  it('R8: a .in is left out where its .txt stands beside it, and mentioned there', async () => {
    const projects = await collect({
      'requirements/main.in': 'x',
      'requirements/main.txt': 'x==1\n    # via -r main.in',
      'requirements/other.in': 'y',
    });
    expect(projects.map(({ project }) => [project.id, project.manifest, project.files])).toEqual([
      ['requirements/main.txt', 'requirements/main.in', ['requirements/main.in', 'requirements/main.txt']],
      ['requirements/other.in', 'requirements/other.in', ['requirements/other.in']],
    ]);
  });

  it('follows no more than a hundred includes in one another', async () => {
    const chain = Array.from({ length: 150 }, (_, i) => [`f${i}.txt`, `p${i}==1\n-r f${i + 1}.txt`]);
    const project = await collectOne({ 'requirements.txt': '-r f0.txt', ...Object.fromEntries(chain) });
    expect(packages(project)).toHaveLength(100);
    expect(statuses(project)).toEqual(['partial include-not-followed']);
  });
});

// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { type CompareOptions, compareRuns } from '../../src/findings/compare.ts';
import type { Coverage } from '../../src/model/coverage.ts';
import type { Finding } from '../../src/model/finding.ts';
import { code, compare, component, outcome, row, runOf, secret, vulnerability } from './runs.ts';

const LEFT = component('left', { version: '1.0.0' });
const LEFT_2 = component('left', { version: '2.0.0' });

describe('a finding is known again', () => {
  const moved = (from: Finding, to: Finding, options?: CompareOptions) => {
    const { states, by, absent, unknown } = compare([from], [to], options);
    expect([absent, unknown]).toEqual([[], []]);
    return [states[0], by[0]];
  };

  it('by its fingerprint, wherever its line is', () => {
    expect(moved(code(), code({ line: 900 }))).toEqual(['unchanged', 'fingerprint']);
    expect(moved(secret(), secret({ line: 900 }))).toEqual(['unchanged', 'fingerprint']);
  });

  it.each<[string, Partial<Finding>]>([
    ['severity', { severity: 'low' }],
    ['score', { score: 5 }],
    ['message', { message: 'another' }],
  ])('and has changed with its %s', (_, fields) => {
    expect(moved(code(), code({}, fields))).toEqual(['updated', 'fingerprint']);
  });

  it('and has not changed with what its message tells of lines', () => {
    const message = (line: number) => ({ message: `read at line ${line} of app/run.py` });
    expect(moved(code({}, message(3)), code({}, message(9)))[0]).toBe('unchanged');
  });

  it('and has not changed with the tools that report a secret', () => {
    const sources = [
      { tool: 'gitleaks', ruleId: 'jwt' },
      { tool: 'trivy', ruleId: 'jwt-token' },
    ];
    const now = secret({ sources }, { message: 'gitleaks and trivy found *** in app/settings.py.' });
    expect(moved(secret(), now)[0]).toBe('unchanged');
    const verified = secret({}, { severity: 'critical' });
    expect(moved(secret(), verified)[0]).toBe('updated');
  });

  it('by the hash of its line, where its number among equals has changed', () => {
    const [first, second] = [code({ line: 4 }), code({ line: 8, occurrence: 1 })];
    expect(compare([first, second], [code({ line: 8 })])).toMatchObject({
      states: ['unchanged'],
      absent: [second.fingerprint],
    });
    // The line is cut after a hundred characters: here its tail is another.
    const tail = code({ text: 'run(x) # tail' }, { lineHash: code().lineHash! });
    expect(moved(code(), tail)).toEqual(['unchanged', 'content']);
  });

  it('by its resource, where the rule is the same control of another tool', () => {
    const misconfiguration = (tool: string, ruleId: string, text: string) => ({
      ...code({ tool, ruleId, text, uri: 'main.tf' }),
      kind: 'misconfiguration' as const,
      message: 'open to all',
      detail: { kind: 'misconfiguration' as const, resource: 'bucket.a', control: 'aws-0088' },
    });
    const before = misconfiguration('trivy', 'AVD-AWS-0088', 'a');
    const now = misconfiguration('checkov', 'CKV_AWS_19', 'b');
    expect(moved(before, now)).toEqual(['unchanged', 'content']);
    const another = { ...now, detail: { ...now.detail, resource: 'bucket.b' } };
    expect(compare([before], [another])).toMatchObject({ states: ['new'], absent: [before.fingerprint] });
    const { resource: _, ...unnamed } = now.detail;
    expect(moved({ ...before, detail: unnamed }, { ...now, detail: unnamed })).toEqual([
      'updated',
      'nearest',
    ]);
  });

  it('in the nearest line of the same rule, as changed', () => {
    expect(moved(code(), code({ text: 'run(y)', line: 13 }))).toEqual(['updated', 'nearest']);
    const far = compare([code()], [code({ text: 'run(y)', line: 16 })]);
    expect(far).toMatchObject({ states: ['new'], absent: [code().fingerprint] });
    const other = compare([code()], [code({ text: 'run(y)', ruleId: 'B101' })]);
    expect(other.states).toEqual(['new']);
  });

  it('in the nearest line, where the lines around it have moved', () => {
    const fixed = { ruleId: 'B101', text: 'assert a' };
    const before = [code({ ...fixed, line: 9 }), code({ line: 10 })];
    const now = [code({ ...fixed, line: 309 }), code({ text: 'run(y)', line: 311 })];
    expect(compare(before, now)).toMatchObject({ states: ['unchanged', 'updated'], absent: [] });
  });

  it('nearest first, one to one', () => {
    const before = [code({ text: 'a', line: 10 }), code({ text: 'b', line: 12 })];
    const now = [code({ text: 'c', line: 12 }), code({ text: 'd', line: 13 })];
    const { matches } = compareRuns(runOf(before), runOf(now));
    const pairs = matches.map(({ earlier, current }) => [earlier, current]);
    expect(pairs).toContainEqual([before[1]?.fingerprint, now[0]?.fingerprint]);
    expect(pairs).toContainEqual([before[0]?.fingerprint, now[1]?.fingerprint]);
  });
});

describe('a file that has moved', () => {
  const renames = (identical: boolean) => ({
    renames: [{ from: 'app/run.py', to: 'lib/start.py', identical }],
  });
  const there = { uri: 'lib/start.py' };

  it('takes its findings along, by the lines that are the same', () => {
    expect(compare([code()], [code({ ...there, line: 90 })], renames(false))).toEqual({
      states: ['unchanged'],
      by: ['rename'],
      absent: [],
      unknown: [],
    });
  });

  it('and changed is matched by the nearest line', () => {
    const { states, by } = compare([code()], [code({ ...there, text: 'run(y)' })], renames(false));
    expect([states, by]).toEqual([['updated'], ['nearest']]);
  });

  it('as it was takes its secrets along, by their places', () => {
    const [before, now] = [secret({ uri: 'app/run.py' }), secret(there)];
    expect(compare([before], [now], renames(true))).toMatchObject({ states: ['unchanged'], by: ['rename'] });
    const elsewhere = secret({ ...there, line: 4 });
    expect(compare([before], [elsewhere], renames(true)).states).toEqual(['new']);
    // Changed somewhere: what stands at the place may be another secret.
    expect(compare([before], [now], renames(false))).toMatchObject({
      states: ['new'],
      unknown: ['line-changed'],
    });
  });

  it('takes the findings of its packages along', () => {
    const to = component('left', { project: 'web/package-lock.json' });
    const before = runOf([vulnerability(LEFT, 'GHSA-1')], { components: [LEFT] });
    const now = runOf([vulnerability(to, 'GHSA-1')], { components: [to] });
    const rename = { from: LEFT.project, to: to.project, identical: true };
    expect(outcome(compareRuns(before, now, { renames: [rename] }))).toMatchObject({
      states: ['unchanged'],
      by: ['rename'],
    });
    expect(outcome(compareRuns(before, now, { renames: [] })).states).toEqual(['new']);
  });

  it('is guessed without git where all of it is in one other file', () => {
    const two = (uri: string) => [code({ uri }), code({ uri, ruleId: 'B101', text: 'assert', line: 50 })];
    expect(compare(two('app/run.py'), two('lib/start.py'))).toMatchObject({
      states: ['unchanged', 'unchanged'],
      by: ['rename', 'rename'],
    });
    expect(compare([code()], [code({ uri: 'lib/run.py' })]).states).toEqual(['unchanged']);
  });

  it.each<[string, Finding[], Finding[], CompareOptions]>([
    ['git says otherwise', [code()], [code({ uri: 'lib/run.py' })], { renames: [] }],
    ['one line alone is in a file of another name', [code()], [code(there)], {}],
    ['it is in two files', [code()], [code({ uri: 'a/run.py' }), code({ uri: 'b/run.py' })], {}],
    [
      'something is still found in it',
      [code(), code({ text: 'z', line: 90 })],
      [code({ text: 'z', line: 90 }), code({ uri: 'lib/run.py' })],
      {},
    ],
    ['a part of it is missing', [code(), code({ text: 'z', line: 90 })], [code({ uri: 'lib/run.py' })], {}],
    [
      'something was found there before',
      [code(), code({ uri: 'lib/run.py', text: 'z', line: 90 })],
      [code({ uri: 'lib/run.py' })],
      {},
    ],
  ])('is not guessed where %s', (_, before, now, options) => {
    const { states } = compare(before, now, options);
    expect(states).toContain('new');
  });
});

describe('a package', () => {
  const states = (before: [typeof LEFT, Finding[]], now: [typeof LEFT, Finding[]]) =>
    outcome(
      compareRuns(runOf(before[1], { components: [before[0]] }), runOf(now[1], { components: [now[0]] })),
    );

  it('with another affected version has changed', () => {
    expect(
      states([LEFT, [vulnerability(LEFT, 'GHSA-1')]], [LEFT_2, [vulnerability(LEFT_2, 'GHSA-1')]]),
    ).toEqual({ states: ['updated'], by: ['fingerprint'], absent: [], unknown: [] });
  });

  it('is known again by an alias, so that a late one opens nothing', () => {
    const before = vulnerability(LEFT, 'GHSA-1');
    const now = vulnerability(LEFT, 'CVE-1', { aliases: ['GHSA-1'] });
    expect(states([LEFT, [before]], [LEFT, [now]])).toEqual({
      states: ['updated'],
      by: ['ids'],
      absent: [],
      unknown: [],
    });
    const right = component('right');
    const elsewhere = outcome(
      compareRuns(
        runOf([before], { components: [LEFT] }),
        runOf([vulnerability(right, 'GHSA-1')], { components: [right] }),
      ),
    );
    expect(elsewhere.states).toEqual(['new']);
  });

  it('of which an alias joins two problems has no new and no fixed one, and no more when they part', () => {
    const apart = [vulnerability(LEFT, 'GHSA-1'), vulnerability(LEFT, 'CVE-1')];
    const joined = [vulnerability(LEFT, 'CVE-1', { aliases: ['GHSA-1'] })];
    expect(states([LEFT, apart], [LEFT, joined])).toMatchObject({ states: ['updated'], absent: [] });
    expect(states([LEFT, joined], [LEFT, apart])).toMatchObject({
      states: ['updated', 'updated'],
      absent: [],
    });
  });

  it('that turns out to be malware is no new problem', () => {
    const { detail } = vulnerability(LEFT, 'MAL-1');
    const malware = { ...vulnerability(LEFT, 'MAL-1', { aliases: ['GHSA-1'] }), kind: 'malware' as const };
    const now = {
      ...malware,
      fingerprint: 'f'.repeat(64),
      detail: { ...detail, kind: 'malware' } as Finding['detail'],
    };
    expect(states([LEFT, [vulnerability(LEFT, 'GHSA-1')]], [LEFT, [now]]).states).toEqual(['updated']);
  });

  it('in two versions is one problem, and one version less is a change', () => {
    const both = [vulnerability(LEFT, 'GHSA-1'), vulnerability(LEFT_2, 'GHSA-1')];
    const components = [LEFT, LEFT_2];
    const less = compareRuns(runOf(both, { components }), runOf(both.slice(1), { components }));
    expect(outcome(less)).toMatchObject({ states: ['updated'], absent: [] });
    const more = compareRuns(runOf(both.slice(1), { components }), runOf(both, { components }));
    expect(outcome(more).states).toEqual(['updated', 'updated']);
  });

  it('of an image is known again where no other can be meant', () => {
    const image = (name: string, id: string, aliases: string[]): Finding => {
      const { project: _, component: __, ...rest } = vulnerability(component(name), id, { aliases });
      return {
        ...rest,
        sources: [{ tool: 'trivy', ruleId: id }],
        locations: [{ uri: 'alpine', outside: true }],
      };
    };
    const [a, b] = [image('ssl', 'DSA-1', ['CVE-1']), image('ssl', 'CVE-1', ['DSA-1'])];
    expect(compare([a], [b])).toMatchObject({ states: ['updated'], absent: [] });
    const lib = image('libssl', 'CVE-1', []);
    expect(compare([a, image('libssl', 'DSA-1', ['CVE-1'])], [b, lib]).states).toEqual(['new', 'new']);
  });
});

describe('what is gone', () => {
  const failed: Partial<Coverage>[] = [
    { status: 'failed' },
    { status: 'failed', cause: 'tool-missing', required: false },
    { status: 'partial' },
    { status: 'skipped', cause: 'tool-missing' },
  ];
  const BOTH = [
    { tool: 'gitleaks', ruleId: 'jwt' },
    { tool: 'trivy', ruleId: 'jwt-token' },
  ];
  const gone = (before: Finding, rows: Coverage[], options: CompareOptions = {}) => {
    const ran = rows.filter(({ status, plugin }) => status === 'succeeded' && plugin !== 'discover');
    const now = runOf([], {
      coverage: rows,
      scanners: ran.map(({ plugin }) => ({ id: plugin, name: plugin })),
    });
    const { absent, unknown } = compareRuns(runOf([before]), now, options);
    expect([absent.length, unknown.length].sort()).toEqual([0, 1]);
    return unknown[0]?.cause ?? absent[0]?.baselineState;
  };

  it('is absent where the tool looked again', () => {
    expect(gone(code(), [row('bandit')])).toBe('absent');
    expect(gone(code(), [row('bandit'), row('trivy', { status: 'failed' })])).toBe('absent');
    const disagreement = row('bandit', { status: 'partial', cause: 'disagreement' });
    expect(gone(code(), [row('bandit'), disagreement])).toBe('absent');
  });

  it.each(failed)('is unknown where the tool did not: %o', (fields) => {
    expect(gone(code(), [row('bandit', fields)])).toBe('tool-incomplete');
    expect(gone(secret({ sources: BOTH }), [row('gitleaks'), row('trivy', fields)])).toBe('tool-incomplete');
  });

  it('is unknown where the tool has no part in the run, unless another that reported it has', () => {
    expect(gone(code(), [])).toBe('tool-did-not-run');
    expect(gone(secret({ sources: BOTH }), [])).toBe('tool-did-not-run');
    expect(gone(secret({ sources: BOTH }), [row('trivy')])).toBe('absent');
  });

  it('is unknown where a report could not be read that may be one of the tool', () => {
    const unread = row('import', { status: 'failed', cause: 'report-unreadable', target: 'x.json' });
    expect(gone(code(), [unread])).toBe('tool-incomplete');
    expect(gone(secret({ sources: BOTH }), [unread, row('trivy')])).toBe('tool-incomplete');
  });

  it('is unknown where one of several reports of a tool is missing', () => {
    const scanners = ['a.json', 'b.json'].map((report) => ({ id: 'bandit', name: 'Bandit', report }));
    const before = runOf([code()], { scanners });
    const now = (of: typeof scanners) => runOf([], { coverage: [row('bandit')], scanners: of });
    expect(outcome(compareRuns(before, now(scanners.slice(1)))).unknown).toEqual(['tool-incomplete']);
    expect(outcome(compareRuns(before, now(scanners))).absent).toHaveLength(1);
  });

  it('is unknown where the image is another', () => {
    const outside = code({}, { locations: [{ uri: 'alpine', outside: true }] });
    const run = (findings: Finding[], target: string) =>
      runOf(findings, { coverage: [row('bandit')], scanners: [{ id: 'bandit', name: 'Bandit', target }] });
    expect(outcome(compareRuns(run([outside], 'a'), run([], 'b'))).unknown).toEqual(['not-read']);
    expect(outcome(compareRuns(run([outside], 'a'), run([], 'a'))).absent).toHaveLength(1);
    expect(outcome(compareRuns(run([code()], 'a'), run([], 'b'))).absent).toHaveLength(1);
    expect(outcome(compareRuns(run([outside], 'a:1'), run([], 'a:2'))).absent).toHaveLength(1);
  });

  it.each<[string, Coverage[], CompareOptions]>([
    [
      'its file was left out',
      [row('discover', { target: 'app/run.py', status: 'skipped', cause: 'excluded' })],
      {},
    ],
    [
      'its folder was left out',
      [row('discover', { target: 'app', status: 'skipped', cause: 'excluded' })],
      {},
    ],
    [
      'its file could not be read',
      [row('discover', { target: 'app', status: 'failed', cause: 'unreadable' })],
      {},
    ],
    ['the caller says that its file was left out', [], { excludes: (path) => path === 'app/run.py' }],
  ])('is unknown where %s', (_, rows, options) => {
    expect(gone(code(), [row('bandit'), ...rows], options)).toBe('not-read');
    expect(gone(code({ uri: 'application.py' }), [row('bandit'), ...rows], options)).toBe('absent');
  });

  it('is unknown for a secret whose line has changed, and the one there is new', () => {
    const now = secret({ text: 'token = ***', line: 4 });
    expect(compare([secret()], [now])).toMatchObject({
      states: ['new'],
      unknown: ['line-changed'],
      absent: [],
    });
    expect(compare([secret()], [secret({ text: 'token = ***', line: 40 })])).toMatchObject({
      states: ['new'],
      absent: [secret().fingerprint],
    });
  });

  it('is unknown for a secret of the history, whatever ran', () => {
    const detail = { kind: 'secret', detector: 'jwt', mask: '***', commits: ['abc'] } as const;
    expect(gone(secret({}, { detail }), [row('gitleaks')])).toBe('in-history');
  });

  it('keeps the state of a secret whose owner came, went or failed, and of no other', () => {
    const trivy = { tool: 'trivy', ruleId: 'jwt-token', sources: [BOTH[1]!] };
    const [before, now] = [secret({ sources: BOTH }), secret(trivy)];
    const run = (findings: Finding[], rows: Coverage[]) => runOf(findings, { coverage: rows, scanners: [] });
    const both = [row('gitleaks'), row('trivy')];
    const only = (status: 'failed' | 'succeeded') => [row('gitleaks', { status }), row('trivy')];
    const known = { states: ['unchanged'], by: ['owner'], absent: [], unknown: [] };
    expect(outcome(compareRuns(run([before], both), run([now], only('failed'))))).toEqual(known);
    expect(outcome(compareRuns(run([before], both), run([now], [row('trivy')])))).toEqual(known);
    expect(outcome(compareRuns(run([now], [row('trivy')]), run([before], both)))).toEqual(known);
    // gitleaks looked both times, and its secret is gone: the one that is there is another.
    expect(outcome(compareRuns(run([before], both), run([now], only('succeeded')))).states).toEqual(['new']);
  });

  it('stays unknown from run to run until it is found or fixed', () => {
    const first = compareRuns(
      runOf([code()]),
      runOf([], { coverage: [row('bandit', { status: 'failed' })] }),
    );
    const carried = first.unknown;
    const second = compareRuns(runOf([]), runOf([], { coverage: [row('bandit')] }), { carried });
    expect(outcome(second)).toMatchObject({ absent: [code().fingerprint], unknown: [] });
    const third = compareRuns(runOf([]), runOf([code()]), { carried });
    expect(outcome(third).states).toEqual(['unchanged']);
    const fourth = compareRuns(runOf([]), runOf([]), { carried });
    expect(outcome(fourth).unknown).toEqual(['tool-did-not-run']);
  });
});

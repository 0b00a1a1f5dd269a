// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { collectOne, lockOf } from './collect-lock.ts';

const ROPE = { 'node_modules/rope': { version: '1.0.0' } };

describe('the version of the format', () => {
  it.each([
    [99, '99'],
    [3.5, '3.5'],
    ['4', '"4"'],
    [{ toString: 1, valueOf: 1 }, '{"toString":1,"value'],
  ])('%j is a gap, and what is known is read', async (lockfileVersion, got) => {
    const project = await collectOne({ ...lockOf(ROPE), lockfileVersion });
    expect(project.coverage).toMatchObject([
      {
        status: 'partial',
        cause: 'unparsable',
        expected: 2,
        processed: 1,
        errors: [{ message: `package-lock.json:3: expected lockfileVersion up to 3, got ${got}` }],
      },
    ]);
    expect(project.find('rope').version).toBe('1.0.0');
  });
});

describe('a lock that holds nothing', () => {
  const manifest = { 'package.json': { name: 'app', dependencies: { rope: '1' } } };
  const reason = 'package-lock.json:1: expected packages or dependencies, got neither';

  it.each([
    [{}, {}],
    [{ name: 'app', version: '1.0.0' }, {}],
    [{ lockfileVersion: 2 }, {}],
    [{ lockfileVersion: 3 }, {}],
    [{ lockfileVersion: 3, requires: true, packages: null }, {}],
    [{ lockfileVersion: 3, dependencies: {} }, {}],
    [{ lockfileVersion: 1 }, manifest],
    [{ lockfileVersion: 1, requires: true }, manifest],
    [{ lockfileVersion: 1 }, { 'package.json': { devDependencies: { rope: '1' } } }],
    [{ lockfileVersion: 1 }, { 'package.json': { optionalDependencies: { rope: '1' } } }],
  ])('%j with %j fails', async (lock, others) => {
    const { coverage, components } = await collectOne(lock, others);
    expect(coverage).toMatchObject([
      { status: 'failed', cause: 'unparsable', errors: [{ message: reason }] },
    ]);
    expect(components).toHaveLength(1);
  });

  it.each([
    { lockfileVersion: 1 },
    { lockfileVersion: 1, requires: true },
    { lockfileVersion: 1, dependencies: {} },
    { name: 'app', dependencies: {} },
    { lockfileVersion: 2, packages: { '': { name: 'app' } }, dependencies: {} },
    lockOf({}),
  ])('%j is the lock of a project without dependencies', async (lock) => {
    const { coverage } = await collectOne(lock, { 'package.json': { name: 'app', dependencies: {} } });
    expect(coverage).toMatchObject([{ status: 'succeeded', expected: 0, processed: 0 }]);
  });
});

describe('a lock that contradicts itself', () => {
  it('has nothing in packages and something in dependencies', async () => {
    const lock =
      '{"lockfileVersion": 2,\n"packages": {"": {}},\n"dependencies": {"rope": {"version": "1.0.0"}}}';
    const { coverage } = await collectOne(lock);
    const message =
      'package-lock.json:3: expected packages and dependencies to agree, got packages without any';
    expect(coverage).toMatchObject([
      { status: 'partial', cause: 'unparsable', expected: 1, processed: 0, errors: [{ message }] },
    ]);
  });

  it.each([
    [
      '{"lockfileVersion": 3,\n"packages": {"": {}, "node_modules/a": {"version": "1.0.0"}},\n"packages": {}}',
      'package-lock.json:3: expected packages once, got it again',
    ],
    [
      '{"packages": {\n"node_modules/a": {"version": "1.0.2"},\n"node_modules/a": {"version": "1.0.0"}}}',
      'package-lock.json:3: expected one entry for each path, got another',
    ],
    [
      '{"dependencies": {\n"a": {"version": "1.0.2"},\n"a": {"version": "1.0.0"}}}',
      'package-lock.json:3: expected one entry for each name, got another',
    ],
    [
      '{"dependencies": {\n"a": {"version": "1.0.2"}},\n"dependencies": {"b": {"version": "1.0.0"}}}',
      'package-lock.json:3: expected dependencies once, got it again',
    ],
  ])('has something twice: %j', async (lock, message) => {
    const project = await collectOne(lock);
    expect(project.coverage).toMatchObject([
      { status: 'partial', cause: 'unparsable', errors: [{ message, location: { startLine: 3 } }] },
    ]);
    expect(project.skipped).toHaveLength(1);
  });
});

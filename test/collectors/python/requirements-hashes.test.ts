// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { collectOne, type Tree } from './collect-requirements.ts';

describe('requirements, hashes', () => {
  const findings = async (files: Tree | string) =>
    (await collectOne(files)).findings.map((f) => [
      f.component?.split('#')[1],
      ...f.locations.map((l) => l.startLine),
    ]);

  it('R9: a line without hash is a finding, not an abort, as soon as another has one', async () => {
    expect(await findings('a==1\nb==1\n')).toEqual([]);
    expect(
      await findings(
        'a==1 --hash=sha256:aa\nb==1\nc\n-e .\n./d\ne @ https://h.example/e.zip#sha256=aa\nb==1',
      ),
    ).toEqual([
      ['pkg:pypi/b@1', 2, 7],
      ['pkg:pypi/c', 3],
    ]);
  });

  it('R9: --require-hashes asks for them, --no-require-hashes does not', async () => {
    expect(await findings('--require-hashes\na==1')).toEqual([['pkg:pypi/a@1', 2]]);
    expect(await findings('--no-require-hashes\na==1\nb==1 --hash=sha256:aa')).toEqual([]);
  });

  it('R9: the hash of a constraint counts', async () => {
    expect(
      await findings({ 'requirements.txt': '-c pins.txt\na\nb', 'pins.txt': 'A==1 --hash=sha256:aa' }),
    ).toEqual([['pkg:pypi/b', 3]]);
  });

  it('R9: is rule unhashed-requirement, one fingerprint per name and project', async () => {
    const [first] = (await collectOne('a==1\nb==1 --hash=sha256:aa')).findings;
    const [second] = (await collectOne('\n\na==2\nb==1 --hash=sha256:aa')).findings;
    expect(first).toMatchObject({ ruleId: 'unhashed-requirement', kind: 'dependency', severity: 'medium' });
    expect(first?.fingerprint).toBe(second?.fingerprint);
  });
});

// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { reportFiles, scannersToRun } from '../../src/cli/report-files.ts';
import { tempTree } from '../support/temp-tree.ts';

describe('scanners on the command line', () => {
  it('are those that are known', () => {
    expect(scannersToRun(['trivy', 'bandit'])).toEqual(['trivy', 'bandit']);
    expect(() => scannersToRun(['Trivy'])).toThrow('expected the id of a scanner, got "Trivy"');
  });

  it('have the nearest id, or all, as help', () => {
    const hintOf = (id: string): unknown => {
      try {
        scannersToRun([id]);
      } catch (error) {
        return (error as { hint?: string }).hint;
      }
      return undefined;
    };
    expect(hintOf('Trivy')).toBe('did you mean "trivy"?');
    expect(hintOf('quantum')).toMatch(/^known are bandit, /);
  });

  it('stand before the file, whose own name may hold the sign', async () => {
    const cwd = tempTree({ 'a=b.json': '[]' });
    const io = { cwd } as unknown as Io;
    expect(await reportFiles(['a=b.json', 'bandit=x=y.json'], io)).toEqual([
      { path: join(cwd, 'a=b.json') },
      { tool: 'bandit', path: join(cwd, 'x=y.json') },
    ]);
    await expect(reportFiles(['Bandit=b.json'], io)).rejects.toMatchObject({
      code: 'usage',
      hint: 'did you mean "bandit"?',
    });
    await expect(reportFiles(['reports/x=1/none.json'], io)).resolves.toHaveLength(1);
  });
});

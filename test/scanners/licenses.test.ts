// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import type { Inventory } from '../../src/model/inventory.ts';
import type { ToolReport } from '../../src/model/tool-report.ts';
import { reportedLicenses } from '../../src/scanners/join/licenses.ts';
import { scannedTree } from '../../src/scanners/join/tree.ts';
import { tempTree } from '../support/temp-tree.ts';

const NOTHING = { components: [] } as unknown as Inventory;

function report(version: string, severity: 'low' | 'high'): ToolReport {
  const ruleId = 'license-notice';
  return {
    ...{ tool: 'trivy', name: 'Trivy', version, gaps: [] },
    rules: [{ id: ruleId, kind: 'license', title: 't', severity, scoreSource: 's', cwes: [], tags: [] }],
    hits: [
      {
        ...{ kind: 'license', ruleId, place: { path: 'package-lock.json' }, confidence: 'high' },
        ...{ license: 'MIT', package: 'left-pad' },
      },
    ],
  };
}

it('a licence that two reports list is one finding, with both as sources, in whatever order they come', async () => {
  const tree = scannedTree(tempTree({ 'package-lock.json': '{}' }));
  const reports = [report('0.67.2', 'low'), report('0.76.0', 'high'), report('0.67.2', 'low')];
  const findings = await reportedLicenses(reports, NOTHING, tree, () => undefined);
  expect(findings).toMatchObject([
    {
      severity: 'high',
      sources: [
        { tool: 'plimsoll' },
        { tool: 'trivy', version: '0.67.2' },
        { tool: 'trivy', version: '0.76.0' },
      ],
    },
  ]);
  expect(await reportedLicenses(reports.toReversed(), NOTHING, tree, () => undefined)).toEqual(findings);
});

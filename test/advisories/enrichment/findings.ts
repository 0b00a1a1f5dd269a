// SPDX-License-Identifier: Apache-2.0
import { buildFinding } from '../../../src/findings/build.ts';
import type { Finding } from '../../../src/model/finding.ts';

/** A vulnerability, or malware, of one group of ids. */
export function findingOf(
  ruleId: string,
  aliases: readonly string[] = [],
  kind: 'vulnerability' | 'malware' = 'vulnerability',
): Finding {
  return buildFinding(
    { kind, ecosystem: 'npm', name: 'x', projectId: 'package-lock.json', anchor: ruleId },
    {
      ruleId,
      severity: 'high',
      confidence: 'high',
      title: ruleId,
      message: ruleId,
      tip: 'Upgrade.',
      aliases,
      cwes: [],
      locations: [{ uri: 'package-lock.json', startLine: 1 }],
      sources: [{ tool: 'plimsoll', ruleId }],
      detail: { kind, records: [], fixedVersions: [], dependencyPaths: [['a', 'b']] },
    },
  );
}

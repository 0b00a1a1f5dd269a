// SPDX-License-Identifier: Apache-2.0
import { compareText } from '../model/order.ts';
import type { WantedScanner } from '../model/scanner.ts';
import type { LoadedPolicy } from './loaded.ts';
import type { Policy } from './schema.ts';

/** The scanners that the policy or the caller asks for, each once, sorted. */
export function wantedScanners(run: readonly string[], loaded: LoadedPolicy): WantedScanner[] {
  const scanners: Readonly<Record<string, Policy['scanners'][keyof Policy['scanners']]>> =
    loaded.policy.scanners;
  const ids = [...new Set([...run, ...Object.keys(scanners)])].sort(compareText);
  return ids.map((id) => {
    const { required = false, version, sha256, rules } = scanners[id] ?? {};
    return {
      id,
      required,
      asked: run.includes(id),
      ...(version === undefined ? {} : { version }),
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(rules === undefined ? {} : { rules: rules.map((path) => `${baseOf(loaded)}${path}`) }),
    };
  });
}

/** A report in the tree that the policy names. */
export interface PolicyReport {
  readonly tool: string;
  /** Relative to the scan root. */
  readonly path: string;
}

/** The reports that the policy names; nothing else of the tree is taken for one. */
export function policyReports(loaded: LoadedPolicy): PolicyReport[] {
  return Object.entries(loaded.policy.scanners)
    .flatMap(([tool, { report }]) =>
      report === undefined ? [] : [{ tool, path: `${baseOf(loaded)}${report}` }],
    )
    .sort((a, b) => compareText(a.tool, b.tool));
}

/** From the scan root to where the paths of the policy start. */
function baseOf({ base }: LoadedPolicy): string {
  return base === '.' ? '' : '../'.repeat(base.split('/').length);
}

// SPDX-License-Identifier: Apache-2.0
import type { Coverage, CoverageCause } from '../model/coverage.ts';
import { compareKeys } from '../model/order.ts';
import type { PolicyReference } from '../model/verdict.ts';
import { policyGlobs } from './globs.ts';
import type { LoadedPolicy } from './loaded.ts';
import type { Policy } from './schema.ts';

export interface CoverageRuling {
  readonly coverage: Coverage;
  readonly outcome: 'nothing' | 'notChecked' | 'incomplete';
  readonly policy: PolicyReference;
}

/** Whether the policy says that a path, relative to the scan root, need not be checked. */
export function ignoredPaths({ policy, base }: LoadedPolicy): (path: string) => boolean {
  return policyGlobs(
    policy.coverage.ignore.map((entry) => entry.path),
    base,
  );
}

/** Causes that were chosen, by an option or by the format, and are only mentioned. */
const CHOSEN: ReadonlySet<CoverageCause | undefined> = new Set(['out-of-scope', 'excluded', 'omitted']);

/** What another tool did not do; whether that is needed its row says. */
const OF_TOOLS: ReadonlySet<CoverageCause | undefined> = new Set([
  'tool-missing',
  'tool-failed',
  'report-unreadable',
]);

/** The gates that need the data which these rows are about; a missing ecosystem counts as too old. */
const DATA_KEYS: ReadonlyMap<string, string> = new Map([
  ['EPSS', 'advisories.epss'],
  ['KEV', 'advisories.kev'],
]);

/** Rules on one row of the ledger; a cause that no key speaks of makes the verdict incomplete. */
export function coverageJudge(loaded: LoadedPolicy): (coverage: Coverage) => CoverageRuling {
  const { policy, where } = loaded;
  const isIgnored = ignoredPaths(loaded);
  return (coverage) => {
    const { cause, status, required, plugin, target } = coverage;
    const rule = (outcome: CoverageRuling['outcome'], key: string) => ({
      coverage,
      outcome,
      policy: where(key),
    });
    const byWord = (word: 'warn' | 'incomplete' | 'ignore', key: string) =>
      rule(word === 'warn' ? 'notChecked' : word === 'ignore' ? 'nothing' : word, key);
    if (status === 'succeeded' || CHOSEN.has(cause)) return rule('nothing', 'coverage.ignore');
    if (!required) return rule(isUnchecked(coverage) ? 'notChecked' : 'nothing', keyOf(coverage, policy));
    // The data in use are whole, or as whole as their publisher has them, and judged by their age.
    if (cause === 'advisory-update-refused' || cause === 'advisory-records-unreadable')
      return rule('notChecked', 'advisories.maxAge.warn');
    // Their target is an ecosystem, EPSS or KEV; that of all other rows is a path.
    if (plugin === 'advisories')
      return rule('incomplete', DATA_KEYS.get(target) ?? 'advisories.maxAge.incomplete');
    if (isIgnored(target)) return rule('nothing', 'coverage.ignore');
    switch (cause) {
      case 'unpinned':
        return byWord(policy.dependencies.unpinned, 'dependencies.unpinned');
      case 'unmatchable':
        return byWord(policy.dependencies.unmatchable, 'dependencies.unmatchable');
      case 'license-unknown':
        return byWord(policy.licenses.unknown, 'licenses.unknown');
      default:
        return rule('incomplete', keyOf(coverage, policy));
    }
  };
}

/** Whether a tool that is not needed has looked at less than it was to: a plain pass would hide that. */
function isUnchecked({ cause, unit }: Coverage): boolean {
  // A second opinion on packages is one more; plimsoll has read them itself.
  return OF_TOOLS.has(cause) && unit !== 'packages';
}

/** What says that a row is needed, where that is a key of its own. */
function keyOf({ cause, plugin }: Coverage, { scanners }: Policy): string {
  return OF_TOOLS.has(cause) && Object.hasOwn(scanners, plugin)
    ? `scanners.${plugin}.required`
    : 'coverage.ignore';
}

/** Rows for the scanners that the policy requires and that left no row of their own. */
export function missingScanners(
  rows: readonly Coverage[],
  { policy, where }: LoadedPolicy,
): CoverageRuling[] {
  const ran = new Set(rows.map((row) => row.plugin));
  return Object.entries(policy.scanners)
    .filter(([id, { required }]) => required && !ran.has(id))
    .map(([id]) => ({
      coverage: {
        plugin: id,
        target: '.',
        status: 'skipped',
        cause: 'tool-missing',
        unit: 'files',
        expected: 0,
        processed: 0,
        required: true,
        errors: [{ message: `expected a run of the required scanner ${id}, got none` }],
      },
      outcome: 'incomplete',
      policy: where(`scanners.${id}.required`),
    }));
}

/** Report order: target, plugin, cause. */
export function compareCoverage(a: Coverage, b: Coverage): number {
  return compareKeys([a.target, a.plugin, a.cause, a.status], [b.target, b.plugin, b.cause, b.status]);
}

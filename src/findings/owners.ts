// SPDX-License-Identifier: Apache-2.0
import type { Finding, FindingKind } from '../model/finding.ts';

/** What carries the findings that are plimsoll's own, and all of packages, whoever else saw them. */
export const DEPENDENCIES = 'dependencies';

/**
 * Of several tools that report one problem, the first in its list owns it: it names the rule, and its run in a SARIF file
 * carries the alert. A fixed order, so that an alert does not move when a tool is added. Others come after, by id.
 */
const OWNERS: Readonly<Partial<Record<FindingKind, readonly string[]>>> = {
  secret: ['gitleaks', 'betterleaks', 'trufflehog', 'trivy', 'semgrep', 'detect-secrets', 'checkov'],
  misconfiguration: ['trivy', 'checkov', 'hadolint'],
};

/** The place of a tool in the order of owners of a kind; smaller owns. */
export function ownerRank(kind: FindingKind, tool: string): number {
  const owners = OWNERS[kind] ?? [];
  const rank = owners.indexOf(tool);
  return rank === -1 ? owners.length : rank;
}

/** The tool whose alert a finding is: {@link DEPENDENCIES} or the id of a scanner. */
export function ownerOf({ kind, sources: [first] }: Finding): string {
  const isOfTool = kind === 'secret' || kind === 'code' || kind === 'misconfiguration';
  return isOfTool && first !== undefined && first.tool !== 'plimsoll' ? first.tool : DEPENDENCIES;
}

// SPDX-License-Identifier: Apache-2.0
import { buildFinding } from '../../findings/build.ts';
import { staticRules } from '../../findings/rules.ts';
import type { Finding } from '../../model/finding.ts';
import { compareText } from '../../model/order.ts';
import { normalizePypiName } from '../../model/purl.ts';
import type { PlacedRequirement } from './requirements-entries.ts';
import type { Occurrence, RequirementSet } from './requirements-set.ts';

const RULE_ID = 'unhashed-requirement';

/**
 * One finding per package that has a line without hash in a project whose hashes pip checks, because one line has a
 * `--hash` or says `--require-hashes`. Paths and editable installs have no file to hash; the hash of a constraint
 * counts for the requirement of that name. Sorted by component.
 *
 * @see https://pip.pypa.io/en/stable/topics/secure-installs/#hash-checking-mode
 */
export function unhashedRequirements(set: RequirementSet, placed: readonly PlacedRequirement[]): Finding[] {
  if (!checksHashes(set)) return [];
  const covered = new Set(set.constraints.filter(isHashed).map(nameOf));
  const byIdentity = new Map<string, PlacedRequirement[]>();
  for (const requirement of placed) {
    const { occurrence, entry } = requirement;
    const { editable, link } = occurrence.requirement;
    if (editable || link?.origin === 'path' || isHashed(occurrence) || covered.has(nameOf(occurrence)))
      continue;
    const same = byIdentity.get(entry.identity);
    if (same) same.push(requirement);
    else byIdentity.set(entry.identity, [requirement]);
  }
  return [...byIdentity]
    .sort(([a], [b]) => compareText(a, b))
    .map(([identity, lines]) => finding(set.root, identity, lines));
}

function checksHashes({ hashChecking, requirements, constraints }: RequirementSet): boolean {
  if (hashChecking.has('off')) return false;
  return (
    hashChecking.has('on') || [...requirements, ...constraints].some(({ requirement }) => requirement.hashed)
  );
}

function isHashed({ requirement }: Occurrence): boolean {
  return requirement.hashed || (requirement.link?.hashes.length ?? 0) > 0;
}

function nameOf({ requirement }: Occurrence): string | undefined {
  return requirement.name === undefined ? undefined : normalizePypiName(requirement.name);
}

function finding(projectId: string, identity: string, lines: readonly PlacedRequirement[]): Finding {
  const name = lines[0]?.entry.component.name ?? identity;
  return buildFinding(
    { kind: 'dependency', ecosystem: 'PyPI', name, projectId, ruleId: RULE_ID },
    {
      ruleId: RULE_ID,
      severity: staticRules([RULE_ID])[0]?.defaultSeverity ?? 'medium',
      confidence: 'high',
      title: `${name} has no hash`,
      message: `${name} has no hash, while other requirements of ${projectId} have: pip checks hashes of all or of none, and refuses to install these.`,
      tip: `Add a --hash for each file of ${name}, for example with pip-compile --generate-hashes.`,
      project: projectId,
      component: `${projectId}#${identity}`,
      aliases: [],
      cwes: [],
      locations: [
        ...new Map(
          lines.map(({ occurrence: { location } }) => [JSON.stringify(location), location]),
        ).values(),
      ],
      sources: [{ tool: 'plimsoll', ruleId: RULE_ID }],
      detail: { kind: 'dependency' },
    },
  );
}

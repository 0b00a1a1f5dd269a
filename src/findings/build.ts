// SPDX-License-Identifier: Apache-2.0
import { type Finding, SEVERITIES } from '../model/finding.ts';
import { compareKeys, compareText } from '../model/order.ts';
import { type FindingIdentity, fingerprint } from './fingerprint.ts';

export type FindingFields = Omit<Finding, 'fingerprint' | 'kind'>;

/**
 * The only constructor of a finding: computes the fingerprint, sorts the sets, and refuses one without id,
 * title, tip or primary location, since every report relies on them.
 */
export function buildFinding(identity: FindingIdentity, fields: FindingFields): Finding {
  for (const key of ['ruleId', 'title', 'message', 'tip'] as const) {
    if (fields[key] === '') throw new TypeError(`a finding needs a ${key}`);
  }
  if (!fields.locations[0]?.uri) throw new TypeError(`finding ${fields.ruleId} needs a primary location`);
  return {
    fingerprint: fingerprint(identity),
    kind: identity.kind,
    ...fields,
    aliases: [...new Set(fields.aliases)].sort(compareText),
    cwes: [...new Set(fields.cwes)].sort(compareText),
  };
}

/** Report order: severity, kind, component, rule, place. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    compareKeys(
      [a.kind, a.component, a.ruleId, a.locations[0]?.uri, a.locations[0]?.startLine, a.fingerprint],
      [b.kind, b.component, b.ruleId, b.locations[0]?.uri, b.locations[0]?.startLine, b.fingerprint],
    )
  );
}

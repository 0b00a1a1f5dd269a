// SPDX-License-Identifier: Apache-2.0
import { type Finding, SEVERITIES } from '../model/finding.ts';
import { compareKey, compareText } from '../model/order.ts';
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
  needPlace(fields);
  return {
    fingerprint: fingerprint(identity),
    kind: identity.kind,
    ...fields,
    aliases: sortedSet(fields.aliases),
    cwes: sortedSet(fields.cwes),
  };
}

/** What findings of one rule of a tool differ in. */
export interface OwnFields extends Pick<Finding, 'message' | 'confidence' | 'locations'> {
  /** Where the model has one. */
  readonly lineHash: string | undefined;
}

/**
 * A finding that is as another one in all but its identity and these fields. Refuses what {@link buildFinding} does. A
 * tool can report tens of thousands, and a copy takes a tenth of the time.
 */
export function buildAlike(
  model: Finding,
  identity: FindingIdentity,
  { message, confidence, locations, lineHash }: OwnFields,
): Finding {
  if (message === '') throw new TypeError('a finding needs a message');
  needPlace({ ruleId: model.ruleId, locations });
  const own: { -readonly [Key in keyof Finding]: Finding[Key] } = {
    ...model,
    fingerprint: fingerprint(identity),
    message,
    confidence,
    locations,
  };
  if (lineHash !== undefined) own.lineHash = lineHash;
  return own;
}

function needPlace({ ruleId, locations }: Pick<Finding, 'ruleId' | 'locations'>): void {
  if (!locations[0]?.uri) throw new TypeError(`finding ${ruleId} needs a primary location`);
}

/** As it is where there is nothing to sort: most findings have one alias at most. */
function sortedSet(values: readonly string[]): readonly string[] {
  return values.length < 2 ? values : [...new Set(values)].sort(compareText);
}

/** Report order: severity, kind, component, rule, place. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    compareKey(a.kind, b.kind) ||
    compareKey(a.component, b.component) ||
    compareKey(a.ruleId, b.ruleId) ||
    compareKey(a.locations[0]?.uri, b.locations[0]?.uri) ||
    compareKey(a.locations[0]?.startLine, b.locations[0]?.startLine) ||
    compareKey(a.fingerprint, b.fingerprint) ||
    compareKey(a.title, b.title)
  );
}

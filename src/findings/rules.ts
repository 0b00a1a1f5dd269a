// SPDX-License-Identifier: Apache-2.0
import type { Rule } from '../model/finding.ts';
import { compareText } from '../model/order.ts';

/** Where the project lives; rule help points below it. */
export const PROJECT_URL = 'https://github.com/plimsoll-dev/plimsoll';

/** The rules that are plimsoll's own. Advisory rules are made from the records that hit. Ids are API. */
export const STATIC_RULES = [
  rule({
    id: 'expired-exception',
    kind: 'policy',
    name: 'ExpiredException',
    shortDescription: 'An exception of the policy has expired',
    fullDescription: 'The exception no longer suppresses anything. Renew it with a new date, or remove it.',
    tags: ['policy'],
    defaultSeverity: 'low',
  }),
  rule({
    id: 'license-not-allowed',
    kind: 'license',
    name: 'LicenseNotAllowed',
    shortDescription: 'A package has a licence that the policy does not allow',
    fullDescription:
      'The licence expression of the package cannot be satisfied with the licences on the allow list of its scope.',
    tags: ['license', 'compliance'],
    defaultSeverity: 'high',
  }),
  rule({
    id: 'license-reported',
    kind: 'license',
    name: 'LicenseReported',
    shortDescription: 'Another tool reports a licence',
    fullDescription:
      'A tool whose report was imported lists this licence of a package or file. It fails where the policy has an allow list that lacks it, and the package is in no project that plimsoll judges itself.',
    tags: ['license', 'compliance'],
    defaultSeverity: 'info',
  }),
  rule({
    id: 'unhashed-requirement',
    kind: 'dependency',
    name: 'UnhashedRequirement',
    shortDescription: 'A requirement without a hash in a file that pins hashes',
    fullDescription:
      'pip switches to hash-checking mode as soon as one requirement has a hash, and then refuses to install the file because of this line.',
    tags: ['dependency', 'integrity'],
    defaultSeverity: 'medium',
  }),
  rule({
    id: 'unused-exception',
    kind: 'policy',
    name: 'UnusedException',
    shortDescription: 'An exception of the policy suppresses nothing',
    fullDescription:
      'No finding of this run matches the exception. Remove it, so that it cannot hide a later one.',
    tags: ['policy'],
    defaultSeverity: 'info',
  }),
] as const satisfies readonly Rule[];

export type StaticRuleId = (typeof STATIC_RULES)[number]['id'];

/** The static rules among `ids`, sorted by id. */
export function staticRules(ids: Iterable<string>): Rule[] {
  const wanted = new Set(ids);
  return STATIC_RULES.filter((r) => wanted.has(r.id)).sort((a, b) => compareText(a.id, b.id));
}

function rule<const T extends Omit<Rule, 'helpMarkdown' | 'helpUri'>>(fields: T) {
  const helpUri = `${PROJECT_URL}/blob/main/docs/rules.md#${fields.id}`;
  return { ...fields, helpUri, helpMarkdown: `${fields.fullDescription}\n\n[About this rule](${helpUri})` };
}

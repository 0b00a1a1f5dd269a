// SPDX-License-Identifier: Apache-2.0
import type { Coverage } from '../model/coverage.ts';
import type { Finding } from '../model/finding.ts';
import { type Component, judgedScope } from '../model/inventory.ts';
import type { LicenseRules } from '../model/license.ts';
import { type Judged, licenseCoverage } from './coverage.ts';
import { compileAllowList } from './evaluate.ts';
import { licenseFinding } from './findings.ts';
import { judgeClaims } from './judge.ts';
import { normalizeLicense } from './normalize.ts';
import { licenseSources } from './sources/index.ts';
import type { LicenseContext, LicenseSource } from './sources/source.ts';

export interface LicenseCheck {
  /** In the order given, each with all claims about its licence, normalised. */
  readonly components: readonly Component[];
  /** One per component whose licence is not allowed. */
  readonly findings: readonly Finding[];
  /** One row per project with a component that was judged; none where the gate is off. */
  readonly coverage: readonly Coverage[];
}

/**
 * Normalises the licences of all components, and holds those of third parties against the allow list of their scope.
 * A licence that cannot be told is a gap in the coverage, never a finding.
 */
export function checkLicenses(input: {
  readonly components: readonly Component[];
  readonly rules: LicenseRules;
  readonly sources?: readonly LicenseSource[];
}): LicenseCheck {
  const { rules, sources = licenseSources } = input;
  const context: LicenseContext = { rules, normalize: memoize(normalizeLicense) };
  const judges = {
    runtime: rules.allow.runtime && judgeClaims(compileAllowList(rules.allow.runtime, rules), context),
    dev: rules.allow.dev && judgeClaims(compileAllowList(rules.allow.dev, rules), context),
  };
  const components: Component[] = [];
  const findings: Finding[] = [];
  const judged: Judged[] = [];

  for (const original of input.components) {
    const component = {
      ...original,
      licenses: sources.flatMap((source) => source.claims(original, context)),
    };
    components.push(component);
    const scope = judgedScope(component);
    const judgement = isFirstParty(component) ? undefined : judges[scope]?.(component.licenses);
    if (judgement === undefined) continue;
    judged.push({ component, ...(judgement.result === 'unknown' ? { unknown: judgement.reason } : {}) });
    if (judgement.result === 'fail') findings.push(licenseFinding(component, scope, judgement));
  }
  return { components, findings, coverage: licenseCoverage(judged) };
}

/** The components with what their locks say of licences normalised, where there is no policy to ask. */
export function normalizeClaims(components: readonly Component[]): readonly Component[] {
  const rules: LicenseRules = { allow: {}, ranges: false, with: 'base', clarify: [] };
  return checkLicenses({ components, rules }).components;
}

/** What the project itself holds is not its suppliers' licence to give. */
export function isFirstParty(component: Component): boolean {
  return component.origin === 'workspace' || component.origin === 'path';
}

function memoize<T>(compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const value = known.get(text) ?? compute(text);
    known.set(text, value);
    return value;
  };
}

// SPDX-License-Identifier: Apache-2.0
import type { Coverage } from '../model/coverage.ts';
import type { Finding } from '../model/finding.ts';
import { type Component, judgedScope } from '../model/inventory.ts';
import type { LicenseClaim, LicenseRules } from '../model/license.ts';
import { type Judged, licenseCoverage } from './coverage.ts';
import { compileAllowList } from './evaluate.ts';
import { licenseFinding } from './findings.ts';
import { type Judgement, judgeClaims } from './judge.ts';
import { normalizeLicense } from './normalize.ts';
import { licenseSources } from './sources/index.ts';
import type { LicenseContext, LicenseSource } from './sources/source.ts';

/** What {@link checkLicenses} found. */
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
  const judge = judgeByScope(context);
  const claimsOf = claimsFrom(sources, context);
  const components: Component[] = [];
  const findings: Finding[] = [];
  const judged: Judged[] = [];

  for (const original of input.components) {
    const component = withClaims(original, claimsOf(original));
    components.push(component);
    const judgement = judge(component);
    if (judgement === undefined) continue;
    judged.push({ component, ...(judgement.result === 'unknown' ? { unknown: judgement.reason } : {}) });
    if (judgement.result === 'fail')
      findings.push(licenseFinding(component, judgedScope(component), judgement));
  }
  return { components, findings, coverage: licenseCoverage(judged) };
}

/** The claims of all sources, in their order. */
function claimsFrom(
  sources: readonly LicenseSource[],
  context: LicenseContext,
): (component: Component) => readonly LicenseClaim[] {
  return (component) => {
    let all: readonly LicenseClaim[] = NO_CLAIMS;
    for (const source of sources) {
      const claims = source.claims(component, context);
      if (claims.length > 0) all = all.length === 0 ? claims : [...all, ...claims];
    }
    return all;
  };
}

const NO_CLAIMS: readonly LicenseClaim[] = [];

/** The component itself where it has the same, as most do that have none: copies are most of the work. */
function withClaims(component: Component, licenses: readonly LicenseClaim[]): Component {
  if (licenses.length === 0 && component.licenses.length === 0) return component;
  return { ...component, licenses };
}

/** The components with what their locks say of licences normalised, where there is no policy to ask. */
export function normalizeClaims(components: readonly Component[]): readonly Component[] {
  const rules: LicenseRules = { allow: {}, ranges: false, with: 'base', clarify: [] };
  return checkLicenses({ components, rules }).components;
}

/** How the licence of one component was judged, passing ones too. */
export interface LicenseExplanation {
  /** `not-judged`: the gate is off for its scope, or it is the project's own. */
  readonly result: Judgement['result'] | 'not-judged';
  readonly expression?: string;
  /** What is left of the expression after its choices; absent where nothing was chosen. */
  readonly branch?: string;
  /** The licences that the allow list lacks and that decide a `fail`. */
  readonly failing: readonly string[];
  /** Why it is `unknown` or `not-judged`. */
  readonly reason?: string;
}

/** The judgement of one component that {@link checkLicenses} returned, by the same rules, for a person who asks. */
export function explainLicense(component: Component, rules: LicenseRules): LicenseExplanation {
  const judgement = judgeByScope({ rules, normalize: normalizeLicense })(component);
  if (judgement === undefined) {
    const reason = isFirstParty(component)
      ? 'it belongs to the project itself'
      : `the policy has no allow list for its scope, ${judgedScope(component)}`;
    return { result: 'not-judged', failing: [], reason };
  }
  if (judgement.result === 'unknown') return { ...judgement, failing: [] };
  const { result, expression, branch } = judgement;
  const failing = judgement.result === 'fail' ? judgement.failing : [];
  return { result, expression, ...(branch === undefined ? {} : { branch }), failing };
}

/** Of one licence that somebody reports: what the runtime list lacks, undefined where it is allowed, unknown or not judged. */
export function licenseJudge(rules: LicenseRules): (license: string) => readonly string[] | undefined {
  const { runtime } = rules.allow;
  if (runtime === undefined) return () => undefined;
  const judge = judgeClaims(compileAllowList(runtime, rules), { normalize: memoize(normalizeLicense) });
  return (raw) => {
    const expression = normalizeLicense(raw).expression;
    const judgement = judge([
      {
        raw,
        ...(expression === undefined ? {} : { expression }),
        acknowledgement: 'detected',
        source: 'report',
        confidence: 'low',
      },
    ]);
    return judgement.result === 'fail' ? judgement.failing : undefined;
  };
}

/** What the project itself holds is not its suppliers' licence to give. */
export function isFirstParty(component: Component): boolean {
  return component.origin === 'workspace' || component.origin === 'path';
}

/** `undefined` for what is not judged: the project's own, and a scope whose gate is off. */
function judgeByScope(context: LicenseContext): (component: Component) => Judgement | undefined {
  const { rules } = context;
  const { runtime, dev } = rules.allow;
  const judges = {
    runtime: runtime && judgeClaims(compileAllowList(runtime, rules), context),
    dev: dev && judgeClaims(compileAllowList(dev, rules), context),
  };
  return (component) =>
    isFirstParty(component) ? undefined : judges[judgedScope(component)]?.(component.licenses);
}

function memoize<T>(compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const value = known.get(text) ?? compute(text);
    known.set(text, value);
    return value;
  };
}

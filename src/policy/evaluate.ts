// SPDX-License-Identifier: Apache-2.0
import { compareFindings } from '../findings/build.ts';
import { componentsByRef } from '../findings/paths.ts';
import type { AdvisoryData } from '../model/advisory.ts';
import type { Coverage } from '../model/coverage.ts';
import type { Finding } from '../model/finding.ts';
import { type Inventory, judgedScope } from '../model/inventory.ts';
import { compareKeys } from '../model/order.ts';
import type {
  CoverageDecision,
  Decision,
  PolicyException,
  PolicyReference,
  Verdict,
  VerdictOptions,
} from '../model/verdict.ts';
import { type CoverageRuling, compareCoverage, coverageJudge, missingScanners } from './coverage.ts';
import { judgeDataAge } from './data-age.ts';
import { decide } from './decide.ts';
import { judgeEnrichmentAge } from './enrichment.ts';
import { type ExceptionRuleId, exceptionFinding, exceptionLedger } from './exceptions.ts';
import type { LoadedPolicy } from './loaded.ts';

export interface JudgeInput {
  readonly findings: readonly Finding[];
  readonly inventory: Inventory;
  readonly coverage: readonly Coverage[];
  readonly advisoryData: AdvisoryData;
  readonly policy: LoadedPolicy;
  readonly options: VerdictOptions;
  /** The time that decides expiry, grace and the age of data. */
  readonly now: Date;
  /** Neither a manifest that is read nor one that is known by name was found: exit code 4. */
  readonly nothingToScan?: boolean;
  /** Nothing was read at all, which is told of manifests that are out of scope too. */
  readonly nothingRead?: boolean;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** The findings given and those about the policy, in report order. */
  readonly findings: readonly Finding[];
  /** The rows given and those added by the judgement, in report order. */
  readonly coverage: readonly Coverage[];
}

/**
 * Decides. Pure: the same input gives the same verdict, in whatever order findings and coverage come. A failed
 * decision wins over gaps, and gaps over a pass; `onIncomplete: 'warn'` changes the exit code alone.
 */
export function judge(input: JudgeInput): Judgement {
  const { policy, options, now } = input;
  const ledger = exceptionLedger(policy, now);
  const named = new Set<string>();
  for (const { component } of input.findings) if (component !== undefined) named.add(component);
  const components = componentsByRef(input.inventory.components, named);
  const context = { policy, now, ...(options.failOn === undefined ? {} : { failOn: options.failOn }) };

  const decided = input.findings.map((finding) => {
    const component = finding.component === undefined ? undefined : components.get(finding.component);
    const exception = ledger.suppress(finding, component);
    if (exception) return { finding, ruling: suppressed(exception) };
    const ruling = decide(finding, component ? judgedScope(component) : 'runtime', context);
    return { finding, ruling: acceptedElsewhere(finding, ruling) ?? ruling };
  });
  const expired = sortExceptions(ledger.expired());
  const unused = sortExceptions(ledger.unused());
  decided.push(
    ...expired.map((exception) => aboutException('expired-exception', 'warn', exception)),
    ...unused.map((exception) => aboutException('unused-exception', 'note', exception)),
  );
  decided.sort((a, b) => compareFindings(a.finding, b.finding));
  const decisions = decided.map(toDecision);

  const gaps = judgeCoverage(input);
  const incomplete = select(gaps, 'incomplete');
  return {
    verdict: {
      ...conclude(decisions, incomplete, input),
      decisions,
      incomplete,
      notChecked: select(gaps, 'notChecked'),
      weakenings: [],
      unusedExceptions: unused,
      expiredExceptions: expired,
      options,
      ...ignoredOf(policy),
    },
    findings: decided.map((each) => each.finding),
    coverage: gaps.map((gap) => gap.coverage),
  };
}

function ignoredOf({ policy, base }: LoadedPolicy): Pick<Verdict, 'ignored'> {
  const globs = policy.coverage.ignore.map(({ path }) => path);
  return globs.length === 0 ? {} : { ignored: { base, globs } };
}

interface Decided {
  readonly finding: Finding;
  readonly ruling: Omit<Decision, 'fingerprint' | 'component'>;
}

function toDecision({ finding, ruling }: Decided): Decision {
  const { fingerprint, component } = finding;
  const { outcome, policy, suppression, failsFrom } = ruling;
  // Written out: of most findings, and an object that is put together takes several times as long.
  if (component === undefined && suppression === undefined && failsFrom === undefined)
    return { fingerprint, outcome, policy };
  return { fingerprint, ...(component === undefined ? {} : { component }), ...ruling };
}

function suppressed(exception: PolicyException): Decided['ruling'] {
  const { reason, owner, expires, location } = exception;
  return {
    outcome: 'suppressed',
    policy: exceptionReference(exception),
    suppression: {
      kind: 'exception',
      reason,
      ...(owner === undefined ? {} : { owner }),
      ...(expires === undefined ? {} : { expires }),
      location,
    },
  };
}

/**
 * What a tool's own records accept stays accepted. A comment in the source does not: whoever writes the code can write
 * it, and the change under review must not weaken its gate.
 */
function acceptedElsewhere(
  { suppression, locations }: Finding,
  { policy }: Decided['ruling'],
): Decided['ruling'] | undefined {
  const [location] = locations;
  if (suppression?.kind !== 'external' || location === undefined) return undefined;
  const { kind, reason = 'accepted in the records of the tool' } = suppression;
  return { outcome: 'suppressed', policy, suppression: { kind, reason, location } };
}

function aboutException(
  ruleId: ExceptionRuleId,
  outcome: 'warn' | 'note',
  exception: PolicyException,
): Decided {
  return {
    finding: exceptionFinding(ruleId, exception),
    ruling: { outcome, policy: exceptionReference(exception) },
  };
}

function exceptionReference({ location, expectedLicense }: PolicyException): PolicyReference {
  const key = expectedLicense === undefined ? 'exceptions' : 'licenses.exceptions';
  return { uri: location.uri, line: location.startLine ?? 1, key };
}

function sortExceptions(exceptions: readonly PolicyException[]): PolicyException[] {
  return [...exceptions].sort((a, b) =>
    compareKeys([a.location.uri, a.location.startLine, a.id], [b.location.uri, b.location.startLine, b.id]),
  );
}

function judgeCoverage(input: JudgeInput): CoverageRuling[] {
  const { coverage, inventory, advisoryData, policy, now, nothingRead = false } = input;
  const judgeRow = coverageJudge(policy);
  const rule = (row: Coverage): CoverageRuling => {
    const ruling = judgeRow(row);
    return nothingRead && row.cause === 'out-of-scope' ? { ...ruling, outcome: 'notChecked' } : ruling;
  };
  const key = ({ target, cause }: Coverage) => JSON.stringify([target, cause]);
  // The source of the data may have told of the same gap, and know more of it.
  const told = new Set(coverage.filter((row) => row.required).map(key));
  const aged = [
    ...judgeDataAge(inventory, advisoryData, policy, now),
    ...judgeEnrichmentAge(inventory, advisoryData.enrichment, policy, now),
  ];
  return [
    ...coverage.map(rule),
    ...aged.filter((ruling) => !told.has(key(ruling.coverage))),
    ...missingScanners(coverage, policy),
  ].sort((a, b) => compareCoverage(a.coverage, b.coverage));
}

function select(rulings: readonly CoverageRuling[], outcome: CoverageRuling['outcome']): CoverageDecision[] {
  return rulings
    .filter((ruling) => ruling.outcome === outcome)
    .map(({ coverage, policy }) => ({ coverage, policy }));
}

function conclude(
  decisions: readonly Decision[],
  incomplete: readonly CoverageDecision[],
  { options, nothingToScan }: JudgeInput,
): Pick<Verdict, 'result' | 'exitCode'> {
  if (decisions.some((decision) => decision.outcome === 'fail')) return { result: 'fail', exitCode: 1 };
  if (nothingToScan && incomplete.length === 0) return { result: 'incomplete', exitCode: 4 };
  if (incomplete.length === 0) return { result: 'pass', exitCode: 0 };
  return { result: 'incomplete', exitCode: options.onIncomplete === 'warn' ? 0 : 3 };
}

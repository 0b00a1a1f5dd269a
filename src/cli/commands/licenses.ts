// SPDX-License-Identifier: Apache-2.0
import { collect } from '../../collectors/collect.ts';
import { omitScopes } from '../../collectors/omit.ts';
import { checkLicenses, explainLicense, type LicenseExplanation } from '../../licenses/check.ts';
import { type LicenseRow, licenseTable } from '../../licenses/table.ts';
import type { Component } from '../../model/inventory.ts';
import type { LicenseClaim, LicenseRules } from '../../model/license.ts';
import type { Decision, Outcome } from '../../model/verdict.ts';
import { PlimsollError } from '../../platform/errors.ts';
import { ignoredPaths } from '../../policy/coverage.ts';
import { judge } from '../../policy/evaluate.ts';
import { findPolicy } from '../../policy/find.ts';
import { licenseRules } from '../../policy/licenses.ts';
import { terminal } from '../../reports/encode.ts';
import { coverageText } from '../../reports/view.ts';
import { EXIT } from '../exit-codes.ts';
import { FORMATS } from '../formats.ts';
import type { Io } from '../io.ts';
import { NOTHING_TO_SCAN, parseClock, parseOutputs, parseTarget, type RawOptions, text } from '../options.ts';
import { writeOutputs } from '../outputs.ts';

/** The part of the ledger that the judgement adds of itself, and that says nothing about licences. */
const OTHER_CHECK = 'advisories';

/** `plimsoll licenses`: the table, and the licence part of the verdict as exit status. */
export async function run(args: readonly string[], options: RawOptions, io: Io): Promise<number> {
  const { stdout, files } = parseOutputs(options, FORMATS.licenses);
  const target = parseTarget(args, options, io);
  const policy = await findPolicy(target.root, text(options.policy));
  const collected = await collect({ ...target, excludes: ignoredPaths(policy), signal: io.signal });
  const { inventory } = omitScopes(collected.inventory, target.omit);
  const rules = licenseRules(policy);
  const checked = checkLicenses({ components: inventory.components, rules });
  const { verdict, findings } = judge({
    findings: checked.findings,
    inventory: { ...inventory, components: checked.components },
    coverage: [...collected.coverage, ...checked.coverage],
    advisoryData: { source: 'none', ecosystems: [], quarantined: 0 },
    policy,
    options: { onIncomplete: 'fail', omit: target.omit, exclude: target.exclude },
    now: parseClock(options, io).now(),
    nothingToScan: collected.nothingToScan,
  });
  const failing = findings.filter(
    ({ kind }, i) => kind === 'license' && verdict.decisions[i]?.outcome === 'fail',
  );
  const messages = failing.map((finding) => finding.message);
  const rows = licenseTable(checked.components);
  const asked = text(options.explain);
  const explained =
    asked === undefined ? undefined : explain(asked, checked.components, rules, verdict.decisions);
  await writeOutputs(io, stdout, files, (format) => {
    const value = explained ?? { licenses: rows, failing: messages };
    if (format === 'json') return [`${JSON.stringify(value, null, 2)}\n`];
    return explained === undefined ? table(rows, messages) : explanationText(explained);
  });
  if (collected.nothingToScan) {
    io.note(NOTHING_TO_SCAN);
    return EXIT.nothingToScan;
  }
  if (explained?.length === 0)
    throw new PlimsollError('usage', `--explain: expected a package of the inventory, got ${asked}`);
  if (failing.length > 0) return EXIT.policyFailed;
  const gaps = verdict.incomplete.filter(({ coverage }) => coverage.plugin !== OTHER_CHECK);
  for (const { coverage } of gaps) io.note(`incomplete: ${coverageText(coverage)}`);
  return gaps.length > 0 ? EXIT.incomplete : EXIT.pass;
}

function* table(rows: readonly LicenseRow[], failing: readonly string[]): Generator<string> {
  for (const { expression, raw, count, packages } of rows) {
    const license = expression ?? (raw === undefined ? '(none stated)' : `(no SPDX expression) ${raw}`);
    yield `${String(count).padStart(5)}  ${terminal(license)}  ${terminal(preview(packages))}\n`;
  }
  for (const message of failing) yield `not allowed: ${terminal(message)}\n`;
}

function preview(packages: readonly string[]): string {
  const shown = packages.slice(0, 3).join(', ');
  return packages.length > 3 ? `${shown} and ${packages.length - 3} more` : shown;
}

/** What is known of the licence of one component, and what the policy says of it. */
interface Explained {
  readonly package: string;
  readonly project: string;
  readonly claims: readonly LicenseClaim[];
  readonly judgement: LicenseExplanation;
  /** What the policy makes of a licence that is not allowed; `suppressed` by an exception. */
  readonly outcome?: Outcome;
}

/** For every component of that name, or of that purl with or without version. */
function explain(
  asked: string,
  components: readonly Component[],
  rules: LicenseRules,
  decisions: readonly Decision[],
): Explained[] {
  const outcomes = new Map(decisions.map(({ component, outcome }) => [component, outcome]));
  return components
    .filter(({ name, purl }) => name === asked || purl === asked || purl?.startsWith(`${asked}@`) === true)
    .map((component) => {
      const outcome = outcomes.get(component.ref);
      return {
        package: component.version === undefined ? component.name : `${component.name} ${component.version}`,
        project: component.project,
        claims: component.licenses,
        judgement: explainLicense(component, rules),
        ...(outcome === undefined ? {} : { outcome }),
      };
    });
}

function* explanationText(explained: readonly Explained[]): Generator<string> {
  for (const { package: label, project, claims, judgement, outcome } of explained) {
    yield `${terminal(`${label} in ${project}`)}\n`;
    if (claims.length === 0) yield '  no source states a licence\n';
    for (const { acknowledgement, source, raw, expression, confidence, notes = [] } of claims) {
      const reading = expression === undefined ? 'no SPDX expression' : `read as ${expression}`;
      const details = [reading, `confidence ${confidence}`, ...notes].join(', ');
      yield `  ${terminal(`${acknowledgement} by ${source}: ${raw} (${details})`)}\n`;
    }
    const { result, branch, failing, reason } = judgement;
    const why = [
      branch === undefined ? '' : `by the branch ${branch}`,
      failing.length === 0 ? '' : `not on the allow list: ${failing.join(', ')}`,
      reason ?? '',
      outcome === undefined ? '' : `outcome ${outcome}`,
    ].filter((part) => part !== '');
    yield `  ${terminal(`${result.replace('-', ' ')}${why.length === 0 ? '' : `: ${why.join('; ')}`}`)}\n`;
  }
}

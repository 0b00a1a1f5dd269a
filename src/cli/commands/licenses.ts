// SPDX-License-Identifier: Apache-2.0
import { collect } from '../../collectors/collect.ts';
import { omitScopes } from '../../collectors/omit.ts';
import { checkLicenses } from '../../licenses/check.ts';
import { type LicenseRow, licenseTable } from '../../licenses/table.ts';
import type { Component } from '../../model/inventory.ts';
import { ignoredPaths } from '../../policy/coverage.ts';
import { judge } from '../../policy/evaluate.ts';
import { findPolicy } from '../../policy/find.ts';
import { licenseRules } from '../../policy/licenses.ts';
import { terminal } from '../../reports/encode.ts';
import { EXIT } from '../exit-codes.ts';
import { FORMATS } from '../formats.ts';
import type { Io } from '../io.ts';
import { parseClock, parseOutputs, parseTarget, type RawOptions, text } from '../options.ts';
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
  const checked = checkLicenses({ components: inventory.components, rules: licenseRules(policy) });
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
  await writeOutputs(io, stdout, files, (format) => {
    if (asked !== undefined) return explain(asked, checked.components, messages);
    return format === 'json'
      ? [`${JSON.stringify({ licenses: rows, failing: messages }, null, 2)}\n`]
      : table(rows, messages);
  });
  if (collected.nothingToScan) return EXIT.nothingToScan;
  if (failing.length > 0) return EXIT.policyFailed;
  const gaps = verdict.incomplete.filter(({ coverage }) => coverage.plugin !== OTHER_CHECK);
  for (const { coverage } of gaps)
    io.note(`incomplete: ${coverage.target}: ${coverage.cause ?? coverage.status}`);
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

/** Every claim about the packages of one name, with its source and confidence. */
function* explain(
  name: string,
  components: readonly Component[],
  failing: readonly string[],
): Generator<string> {
  const matching = components.filter((component) => component.name === name || component.purl === name);
  if (matching.length === 0) yield `no package ${terminal(name)} in the inventory\n`;
  for (const { name: found, version, project, licenses } of matching) {
    yield `${terminal(`${found} ${version ?? ''} in ${project}`)}\n`;
    if (licenses.length === 0) yield '  no source states a licence\n';
    for (const claim of licenses) {
      const reading = claim.expression === undefined ? 'no SPDX expression' : `read as ${claim.expression}`;
      yield `  ${terminal(`${claim.acknowledgement} by ${claim.source}: ${claim.raw} (${reading}, confidence ${claim.confidence})`)}\n`;
    }
  }
  for (const message of failing.filter((text) => text.includes(name)))
    yield `not allowed: ${terminal(message)}\n`;
}

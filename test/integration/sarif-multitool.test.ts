// SPDX-License-Identifier: Apache-2.0
// Microsoft's validator, with the rules of GitHub and of Azure DevOps, finds no error in what is written.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { azurePipeline } from '../../src/reports/sarif/azure.ts';
import { sarifDocument } from '../../src/reports/sarif/build.ts';
import { SARIF_PROFILES, type SarifProfile } from '../../src/reports/sarif/profiles.ts';
import { scan } from '../../src/scan.ts';
import { AZURE_ENVIRONMENT } from '../support/azure-environment.ts';
import { manyFindings } from '../support/many-findings.ts';
import { plimsoll, STOREFRONT } from '../support/program.ts';
import { completeReport, emptyReport, sampleReport } from '../support/sample-report.ts';
import { multitoolValidate, type RuleKind, type Validated } from '../support/sarif-multitool.ts';
import { REPO_ROOT } from '../support/shared-data.ts';

const CLOCK = { now: () => new Date('2026-06-01T00:00:00Z'), documentTime: () => new Date(0) };
const SCANNERS = join(REPO_ROOT, 'fixtures', 'scanners');
const RECORDED = readdirSync(SCANNERS).flatMap((tool) =>
  readdirSync(join(SCANNERS, tool))
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({
      tool,
      name: `${tool}-${name.replace(/(\.sarif)?\.json$/, '')}`,
      path: join(SCANNERS, tool, name),
    })),
);

function render(report: Report, profile: SarifProfile): string {
  const pipeline = azurePipeline(AZURE_ENVIRONMENT);
  const document = sarifDocument(report, { profile, ...(pipeline === undefined ? {} : { pipeline }) });
  return [...document.chunks()].join('');
}

/** As if the files that the report tells of were there, so that it has a run. */
async function imported({ tool, path }: (typeof RECORDED)[number]): Promise<Report> {
  const reports = [{ tool, path }];
  const report = await scan({ root: STOREFRONT, advisories: 'bundled', clock: CLOCK, reports });
  const coverage = report.coverage.filter(({ status }) => status === 'succeeded');
  return { ...report, coverage, verdict: { ...report.verdict, incomplete: [] } };
}

/** Runs and results of a file that we wrote. */
function sizeOf(text: string) {
  const { runs } = JSON.parse(text) as Log;
  return { runs: runs.length, results: runs.reduce((sum, { results = [] }) => sum + results.length, 0) };
}

describe.each(SARIF_PROFILES)('what is written for %s', (profile) => {
  const kinds: RuleKind[] = profile === 'azure' ? ['Gh', 'Ghas', 'Ado'] : ['Gh', 'Ghas'];
  const isSplit = profile === 'github' || profile === 'azure';
  const files: Record<string, string> = {};
  let validated: Map<string, Validated>;
  beforeAll(async () => {
    for (const each of RECORDED) files[each.name] = render(await imported(each), profile);
    files.sample = render(completeReport(), profile);
    files.nothing = render(emptyReport(), profile);
    files.withheld = render(sampleReport(), profile);
    // It takes ten seconds for such a file.
    if (isSplit) files.parts = render(manyFindings({ counts: { high: 3000, medium: 3000 } }), profile);
    validated = multitoolValidate(files, kinds);
  });

  it.each([
    ...RECORDED.map(({ name }) => name),
    'sample',
    'nothing',
    'withheld',
    ...(isSplit ? ['parts'] : []),
  ])('%s has no error', (name) => {
    const { errors, ...seen } = validated.get(name)!;
    expect(errors).toEqual([]);
    expect(seen).toEqual(sizeOf(files[name]!));
  });

  it('is not empty', () => {
    const sizes = RECORDED.map(({ name }) => sizeOf(files[name]!).results);
    expect(sizes.reduce((a, b) => a + b, 0)).toBeGreaterThan(300);
    expect(sizeOf(files.nothing!)).toEqual({ runs: 1, results: 0 });
    if (profile !== 'archive') expect(sizeOf(files.withheld!)).toEqual({ runs: 1, results: 0 });
    if (profile === 'github') expect(sizeOf(files.parts!)).toEqual({ runs: 4, results: 6000 });
    if (profile === 'azure') expect(sizeOf(files.parts!)).toEqual({ runs: 2, results: 5000 });
  });
});

describe('the validator', () => {
  it('finds no error in the file that the example writes', () => {
    const args = ['scan', '--advisories', 'bundled', '-f', 'sarif'];
    const { stdout } = plimsoll(args, { cwd: STOREFRONT });
    const [validated] = multitoolValidate({ example: stdout }, ['Gh', 'Ghas']).values();
    expect(validated).toEqual({ errors: [], ...sizeOf(stdout) });
    expect(validated?.results).toBeGreaterThan(10);
  });

  it('finds what is wrong, also in a file of more than 10 MB', () => {
    const log = JSON.parse(render(completeReport(), 'github')) as Log;
    const [run] = log.runs;
    const [result] = run!.results!;
    delete result!.locations;
    delete run!.tool.driver.rules![0]!.help;
    run!.properties = { padding: 'x'.repeat(11_000_000) };
    const [validated] = multitoolValidate({ wrong: JSON.stringify(log) }, ['Gh', 'Ghas']).values();
    const ids = validated!.errors.map((error) => error.split(' ')[0]);
    expect(ids).toContain('GH1015');
    expect(ids).toContain('GH2012');
    expect(validated).toMatchObject(sizeOf(JSON.stringify(log)));
  });

  it('finds what Azure DevOps lacks in a file for GitHub', () => {
    const [validated] = multitoolValidate({ github: render(completeReport(), 'github') }, ['Ado']).values();
    expect(new Set(validated!.errors.map((error) => error.split(' ')[0]))).toEqual(
      new Set(['GHAzDO1018', 'GHAzDO1019', 'GHAzDO1020', 'GHAzDO2012']),
    );
  });
});

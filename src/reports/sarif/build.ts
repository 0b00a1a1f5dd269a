// SPDX-License-Identifier: Apache-2.0
import type { Report } from '../../model/report.ts';
import { batched } from '../json.ts';
import type { Reporter } from '../reporter.ts';
import type { AzurePipeline } from './azure.ts';
import { type LeftOut, type PlanOptions, planRuns, type SarifPlan } from './plan.ts';
import { limitsOf, SARIF_LIMITS, type SarifProfile } from './profiles.ts';
import { type RelatedFindings, relatedFindings, resultMaker } from './result.ts';
import { type Quarantined, type RunContext, sarifRun } from './run.ts';
import { estimatedSize, gzipSize } from './size.ts';
import type { ToolState } from './tools.ts';
import { logText } from './write.ts';

export interface SarifOptions {
  readonly profile: SarifProfile;
  /** Whether plimsoll has a run of its own where it found nothing, but faults of the policy. */
  readonly ownRun?: PlanOptions['ownRun'];
  /** Whose runs they are, for the profile `azure`. */
  readonly pipeline?: AzurePipeline;
}

/** A SARIF file, and what it lacks. */
export interface SarifDocument {
  readonly profile: SarifProfile;
  /** Chunks, to be written in order. */
  readonly chunks: () => Iterable<string>;
  /** Tools that did not do all of their work; but in an archive they have no run. */
  readonly withheld: readonly ToolState[];
  readonly leftOut: readonly LeftOut[];
  /** What the last writing of the chunks has left out, since it would have been refused. */
  readonly quarantined: () => readonly Quarantined[];
}

/** Results whose compression is tried out, where a file may be too large. */
const SAMPLE = 400;
/** Cuts of a file that is too large; each aims at the limit, so that the second rarely is needed. */
const MAX_CUTS = 8;

/**
 * SARIF 2.1.0 with one result per fingerprint, and one run per tool, or several where its readers take no more in one.
 * @see https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
export const sarifReporter: Reporter = {
  format: 'sarif',
  render: (report) => sarifDocument(report, { profile: 'github' }).chunks(),
};

/** Decides what stands in the file; its text is made as it is read. */
export function sarifDocument(report: Report, options: SarifOptions): SarifDocument {
  const { profile } = options;
  const related = relatedFindings(report);
  let plan = planOf(report, options, 1);
  for (let cut = 0, share = 1; cut < MAX_CUTS; cut += 1) {
    const excess = excessOf(report, plan, related, options);
    if (excess <= 1) break;
    share *= 0.97 / excess;
    plan = planOf(report, options, share);
  }
  let quarantined: Quarantined[] = [];
  return {
    profile,
    chunks: () => {
      quarantined = [];
      return written(report, plan, related, options, quarantined);
    },
    withheld: plan.tools.filter(({ withheld }) => withheld !== undefined),
    leftOut: plan.leftOut,
    quarantined: () => quarantined,
  };
}

function planOf(report: Report, { profile, ownRun = 'always' }: SarifOptions, share: number): SarifPlan {
  return planRuns(report, { profile, ownRun, share });
}

function written(
  report: Report,
  plan: SarifPlan,
  related: RelatedFindings,
  { profile, pipeline }: SarifOptions,
  quarantined: Quarantined[],
): Iterable<string> {
  const context: RunContext = {
    report,
    related,
    profile,
    tools: new Set(plan.runs.map(({ tool }) => tool.id)),
    ...(pipeline === undefined ? {} : { pipeline }),
  };
  const withRun = new Set(plan.runs.map(({ tool }) => tool));
  return batched(
    logText(
      plan.runs.map((planned, i) => {
        const leftOut = plan.leftOut.filter(
          // The first run tells of tools that have none.
          ({ tool }) => (planned.part === 1 && tool === planned.tool) || (i === 0 && !withRun.has(tool)),
        );
        return sarifRun(planned, leftOut, context, quarantined);
      }),
    ),
  );
}

/** By how much the compressed file is larger than its reader takes; at most 1 where it is not. */
function excessOf(report: Report, plan: SarifPlan, related: RelatedFindings, options: SarifOptions): number {
  const max = limitsOf(options.profile)?.gzipBytes.max;
  if (max === undefined) return 0;
  const context = { report, related, limits: SARIF_LIMITS.github };
  const estimates = plan.runs.map(({ tool, groups }) => {
    const resultOf = resultMaker(new Map(), { ...context, owner: tool.id });
    return estimatedSize(groups, (group) => JSON.stringify(resultOf(group)), {
      enough: max / plan.runs.length,
      sample: Math.ceil(SAMPLE / plan.runs.length),
    });
  });
  const rules = report.rules.reduce(
    (sum, rule) => sum + 2 * (rule.fullDescription + rule.helpMarkdown).length,
    0,
  );
  if (estimates.reduce((a, b) => a + b, rules) <= max) return 0;
  return gzipSize(written(report, plan, related, options, [])) / max;
}

// SPDX-License-Identifier: Apache-2.0
import type { Report } from '../../model/report.ts';
import { coverageText } from '../view.ts';
import type { PlannedRun } from './plan.ts';
import type { SarifProfile } from './profiles.ts';
import type { ToolState } from './tools.ts';

/** The part of the category that is of no tool: `plimsoll/status/<target>/`. */
const STATUS = 'status';

/**
 * The run of a file that would have none: GitHub refuses `"runs": []`. It never has a result, so that no alert is its own
 * and none is closed by it; it says which tools are withheld and why.
 * @see https://github.com/github/codeql-action/issues/390
 */
export function statusRun({ tool }: Report, tools: readonly ToolState[], profile: SarifProfile): PlannedRun {
  const withheld = tools.filter((each) => each.withheld !== undefined);
  return {
    tool: {
      id: STATUS,
      // Where runs have no category, one of plimsoll's own name would close the alerts of its dependencies.
      name: profile === 'azure' ? `${tool.name} ${STATUS}` : tool.name,
      version: tool.version,
      gaps: withheld.flatMap(({ gaps }) => gaps),
    },
    part: 1,
    groups: [],
    all: [],
    tellsOf: withheld,
  };
}

/** Whose run is withheld, and why: a text and a key for each gap. */
export function withheldTexts({
  id,
  gaps,
  withheld,
}: ToolState): { readonly text: string; readonly key: string }[] {
  const run = `no run of ${id}`;
  if (gaps.length === 0) {
    const text = `${run}: ${withheld ?? 'a tool that would own its findings did not run'}`;
    return [{ text, key: 'owner-missing' }];
  }
  return gaps.map((row) => ({ text: `${run}: ${coverageText(row)}`, key: row.cause ?? row.status }));
}

// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import type { ComparedPackage, EarlierRun } from '../../model/comparison.ts';
import type { CoverageCause } from '../../model/coverage.ts';
import { groupBy } from '../../model/group.ts';
import type { Component, Project } from '../../model/inventory.ts';
import { type AnswerOptions, type CurrentRun, covers, gapText, type NoAnswer } from './no-answer.ts';
import type { TrackedProblem } from './tracked.ts';

/** Rows that are about single packages or records, and not about the reading of a project. */
const JUDGING: ReadonlySet<string> = new Set(['matcher', 'licenses', 'advisories', 'omit']);
/** Gaps of one line each: they concern the packages that the line names. */
const LINES: ReadonlySet<CoverageCause | undefined> = new Set(['unpinned', 'unmatchable']);
/** Of other tools, also of those that are in no list of runs since they failed. */
const OF_TOOLS: ReadonlySet<CoverageCause | undefined> = new Set([
  'tool-missing',
  'tool-failed',
  'report-unreadable',
  'disagreement',
]);
const NO_DATA: ReadonlySet<CoverageCause | undefined> = new Set([
  'advisory-data-missing',
  'advisory-data-damaged',
  'advisory-source-failed',
]);

/** Whether plimsoll itself looked again at the project, the package and the records of an earlier problem. */
export function packageAnswers(
  earlier: EarlierRun,
  current: CurrentRun,
  pathOf: (uri: string) => string,
  options: AnswerOptions,
): (problem: TrackedProblem) => NoAnswer | undefined {
  const before = new Map(earlier.inventory.projects.map((project) => [project.id, project]));
  const now = new Map(current.inventory.projects.map((project) => [project.id, project]));
  const tools = new Set(current.scanners?.map(({ id }) => id));
  const rows = current.coverage.filter(({ status }) => status !== 'succeeded');
  const reading = rows.filter(
    ({ plugin, cause }) => !JUDGING.has(plugin) && !tools.has(plugin) && !OF_TOOLS.has(cause),
  );

  let byName: ReadonlyMap<string, readonly Component[]> | undefined;

  return (problem) => {
    const id = problem.first.project ?? '';
    const project = pathOf(id);
    const unread = unreadProject(project, before.get(id), now.get(project));
    if (unread !== undefined) return unread;
    for (const named of problem.packages) {
      const answer = named === undefined ? undefined : ofPackage(problem, project, named);
      if (answer !== undefined) return answer;
    }
    return undefined;
  };

  function unreadProject(
    id: string,
    was: EarlierRun['inventory']['projects'][number] | undefined,
    is: Project | undefined,
  ): NoAnswer | undefined {
    const earlierFiles = was === undefined ? [] : [was.manifest, ...was.files].map(pathOf);
    const files = [id, ...earlierFiles, ...(is?.files ?? [])];
    const row = reading.find(
      ({ target, cause, plugin, required }) =>
        !LINES.has(cause) &&
        // Of a lock that went away, what stands in its place may hold the same packages.
        (files.some((file) => covers(target, file)) ||
          (is === undefined &&
            required &&
            plugin === 'discover' &&
            posix.dirname(target) === posix.dirname(id))),
    );
    if (row !== undefined)
      return { cause: 'not-read', reason: `${row.target} ${gapText({ ...row, target: '.' })}` };
    if (is !== undefined) return undefined;
    const { paths, excludes } = options;
    const isOutside = paths?.every((path) => !covers(path, id)) ?? false;
    return isOutside || excludes?.(id) === true
      ? { cause: 'not-read', reason: `${id} was not read` }
      : undefined;
  }

  function ofPackage({ first, findings }: TrackedProblem, project: string, named: ComparedPackage) {
    const { name, ecosystem } = named;
    byName ??= groupBy(current.inventory.components, (component) => component.name);
    const same = (byName.get(name) ?? []).filter((component) => component.project === project);
    const isNamed = reading.some(({ target, cause }) => target === project && LINES.has(cause))
      ? current.inventory.skipped.some(({ project: of, text }) => of === project && mentions(text, name))
      : false;
    if (isNamed) return notJudged(`a line of ${project} that names ${name} could not be read`);
    if (same.length === 0) {
      const isOmitted = rows.some(({ plugin, target }) => plugin === 'omit' && target === project);
      return isOmitted
        ? ({ cause: 'not-read', reason: `${project}: scopes were omitted` } as const)
        : undefined;
    }
    switch (first.kind) {
      case 'vulnerability':
      case 'malware': {
        const open = same.find((component) => !isMatched(component, current));
        if (open !== undefined) return notJudged(`${name} has no version that could be matched`);
        return withoutRecords(ecosystem, findings);
      }
      case 'license':
        return withoutLicense(project, same);
      default:
        return undefined;
    }
  }

  function withoutRecords(ecosystem: string, findings: TrackedProblem['findings']): NoAnswer | undefined {
    const { source } = current.advisoryData;
    const row = rows.find(
      ({ plugin, target, cause }) =>
        plugin === 'advisories' && NO_DATA.has(cause) && (target === ecosystem || target === 'GIT'),
    );
    if (row !== undefined || source === 'none') return noData(`no whole set of records of ${ecosystem}`);
    if (source === 'bundled' && earlier.advisoryData.source !== 'bundled')
      return noData('the records that come with the program are a few of all');
    // An API answers with what it knows now.
    if (source === 'osv') return undefined;
    const newest = newestOf(current, ecosystem);
    const known = [
      newestOf(earlier, ecosystem) ?? '',
      ...findings.flatMap(({ detail }) => ('records' in detail ? detail.records.map((r) => r.modified) : [])),
    ];
    const isOlder = newest === undefined || known.some((date) => Date.parse(date) > Date.parse(newest));
    return isOlder
      ? noData(`the records of ${ecosystem} are older than those of the earlier run`)
      : undefined;
  }

  function withoutLicense(project: string, same: readonly Component[]): NoAnswer | undefined {
    const isJudged = current.coverage.some(
      ({ plugin, target }) => plugin === 'licenses' && target === project,
    );
    if (!isJudged) return notJudged('licences are not judged in this run');
    const isUnknown = same.some(({ licenses }) =>
      licenses.every(({ expression }) => expression === undefined),
    );
    return isUnknown ? notJudged(`the licence of ${same[0]?.name} could not be told`) : undefined;
  }
}

function isMatched({ origin, pinning, version, source }: Component, { advisoryData }: CurrentRun): boolean {
  if (origin === 'git') return advisoryData.source === 'osv' && source?.commit !== undefined;
  return origin === 'registry' && pinning !== 'unresolved' && version !== undefined;
}

function newestOf({ advisoryData }: Pick<EarlierRun, 'advisoryData'>, ecosystem: string): string | undefined {
  return advisoryData.ecosystems.find(({ name }) => name === ecosystem)?.newestModified;
}

/** In any spelling: PyPI takes `-`, `_` and `.` for one. */
function mentions(text: string, name: string): boolean {
  const folded = (value: string) => value.toLowerCase().replace(/[-_.]+/g, '-');
  return folded(text).includes(folded(name));
}

function notJudged(reason: string): NoAnswer {
  return { cause: 'not-judged', reason };
}

function noData(reason: string): NoAnswer {
  return { cause: 'advisory-data', reason };
}

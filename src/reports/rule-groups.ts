// SPDX-License-Identifier: Apache-2.0
import type { Finding, FindingKind } from '../model/finding.ts';
import { groupBy } from '../model/group.ts';
import { compareKeys, compareText } from '../model/order.ts';
import type { Outcome } from '../model/verdict.ts';
import { compareRank, type JudgedFinding, placeLabel, severityLabel } from './view.ts';

/** Findings of one rule that are judged alike, as the reports for people group what other tools found. */
export interface RuleGroup {
  readonly outcome: Outcome;
  /** The date on which a warning becomes a failure. */
  readonly failsFrom?: string;
  readonly severity: string;
  readonly title: string;
  /** Who reports it, by the ids that an exception takes: `trivy AWS-0086, checkov CKV_AWS_53`. */
  readonly rules: string;
  /** What the tool says of all of them, where it is more than the title. */
  readonly message?: string;
  readonly tips: readonly string[];
  /** Never empty; by place. */
  readonly judged: readonly JudgedFinding[];
}

/** Findings of one group that have the same to tell. */
export interface PlaceGroup {
  /** `path:line`, and how often where that is more than once. */
  readonly places: readonly string[];
  /** What sets them apart from others of their rule, such as the resource; empty where nothing does. */
  readonly note: string;
}

/** A section of a report for people. */
export interface RuleSection {
  readonly title: string;
  readonly groups: readonly RuleGroup[];
}

const SECTIONS: readonly { readonly title: string; readonly kinds: readonly FindingKind[] }[] = [
  { title: 'Secrets', kinds: ['secret'] },
  { title: 'Code', kinds: ['code'] },
  { title: 'Misconfigurations', kinds: ['misconfiguration'] },
  { title: 'Packages of no project', kinds: ['malware', 'vulnerability', 'license', 'dependency'] },
];
/** Tips that differ are few: most are those of the rule. */
const MAX_TIPS = 3;
const MAX_LOCATIONS = 10;

/** Findings without a component by kind and rule, the worst first; those about the policy are not among them. */
export function ruleSections(judged: readonly JudgedFinding[]): RuleSection[] {
  return SECTIONS.flatMap(({ title, kinds }) => {
    const groups = ruleGroups(judged.filter(({ finding }) => kinds.includes(finding.kind)));
    return groups.length === 0 ? [] : [{ title, groups }];
  });
}

/** `bandit B602, semgrep shell-true`: the tools with their rules, that of the finding first. */
export function rulesLabel({ ruleId, sources }: Finding): string {
  const labels = sources.map((source) =>
    source.tool === 'plimsoll' ? source.ruleId : `${source.tool} ${source.ruleId}`,
  );
  const named = sources.some((source) => source.ruleId === ruleId);
  return [...new Set([...(named ? [] : [ruleId]), ...labels])].join(', ');
}

/** Where the findings of a group are, those together that have the same note. */
export function placeGroups({ judged, message }: RuleGroup): PlaceGroup[] {
  const noted = judged.map(({ finding }) => ({
    place: placesLabel(finding),
    note: noteOf(finding, message === undefined && saysMore(finding)),
  }));
  return [...groupBy(noted, ({ note }) => note)].map(([note, entries]) => ({
    places: [...groupBy(entries, ({ place }) => place)].map(([place, { length }]) =>
      length === 1 ? place : `${place} (${length} times)`,
    ),
    note,
  }));
}

/** All places of a finding in one text. */
export function placesLabel({ locations }: Finding): string {
  const labels = [...new Set(locations.map(placeLabel))];
  const more = labels.length - MAX_LOCATIONS;
  return more > 0 ? `${labels.slice(0, MAX_LOCATIONS).join(', ')} and ${more} more` : labels.join(', ');
}

function ruleGroups(judged: readonly JudgedFinding[]): RuleGroup[] {
  const alike = groupBy(judged, ({ finding, decision }) =>
    JSON.stringify([
      decision.outcome,
      decision.failsFrom,
      severityLabel(finding),
      rulesLabel(finding),
      finding.title,
    ]),
  );
  return [...alike.values()].map(groupOf).sort(compareGroups);
}

function groupOf(entries: readonly JudgedFinding[]): RuleGroup {
  const judged = entries.toSorted(comparePlaces);
  const [first] = judged;
  if (first === undefined) throw new TypeError('a group without a finding');
  const { finding, decision } = first;
  const isShared = judged.every((each) => each.finding.message === finding.message);
  return {
    outcome: decision.outcome,
    ...(decision.failsFrom === undefined ? {} : { failsFrom: decision.failsFrom }),
    severity: severityLabel(finding),
    title: finding.title,
    rules: rulesLabel(finding),
    ...(isShared && saysMore(finding) ? { message: finding.message } : {}),
    tips: tipsOf(judged),
    judged,
  };
}

function comparePlaces({ finding: a }: JudgedFinding, { finding: b }: JudgedFinding): number {
  const keys = ({ locations: [at], message }: Finding) => [at?.uri, at?.startLine, at?.startColumn, message];
  return compareKeys(keys(a), keys(b));
}

function compareGroups(a: RuleGroup, b: RuleGroup): number {
  const [worstA] = a.judged;
  const [worstB] = b.judged;
  const rank = worstA === undefined || worstB === undefined ? 0 : compareRank(worstA, worstB);
  return rank || compareText(a.rules, b.rules) || compareText(a.title, b.title);
}

/** A message of a secret says who found it and where, which stands beside it. */
function saysMore({ kind, message, title }: Finding): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/[.\s]+$/, '');
  return kind !== 'secret' && plain(message) !== plain(title);
}

function noteOf({ detail, message }: Finding, withMessage: boolean): string {
  const parts: string[] = [];
  if (detail.kind === 'secret') {
    if (detail.mask !== '***') parts.push(detail.mask);
    if (detail.verified === true) parts.push('tried out, and it works');
    if (detail.commits !== undefined) parts.push(`in the history: ${commitsLabel(detail.commits)}`);
  }
  if (detail.kind === 'misconfiguration' && detail.resource !== undefined) parts.push(detail.resource);
  if (withMessage) parts.push(message);
  return parts.join(' · ');
}

function commitsLabel(commits: readonly string[]): string {
  const shown = commits.slice(0, MAX_TIPS).map((commit) => commit.slice(0, 12));
  const more = commits.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Each once; tips that differ by the path of their file alone are one. */
function tipsOf(judged: readonly JudgedFinding[]): string[] {
  const tips = [...new Set(judged.map(({ finding }) => finding.tip))];
  if (tips.length === 1) return tips;
  const general = [...new Set(judged.map(({ finding }) => withoutPath(finding)))];
  const shown = general.length < tips.length ? general : tips;
  const more = shown.length - MAX_TIPS;
  return more > 0 ? [...shown.slice(0, MAX_TIPS), `and ${more} more, which stand in the JSON report`] : shown;
}

function withoutPath({ tip, locations: [at] }: Finding): string {
  return at === undefined ? tip : tip.replace(` ${at.uri}.`, () => ' these files.');
}

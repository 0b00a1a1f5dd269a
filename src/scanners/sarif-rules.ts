// SPDX-License-Identifier: Apache-2.0
import { TOOL_SITES } from '../findings/tool-sites.ts';
import { type Confidence, SEVERITIES, type Severity } from '../model/finding.ts';
import type { ToolRule } from '../model/tool-report.ts';
import { cweOf, fieldOf, httpsUrl, isRecord, severityOfWord, textOf } from './fields.ts';
import type { SarifResult, SarifRun } from './sarif.ts';

export interface SarifRule {
  readonly rule: ToolRule;
  readonly confidence: Confidence;
  /** Texts by name that its results can refer to. */
  readonly messages?: unknown;
}

export interface SarifRules {
  readonly all: readonly ToolRule[];
  /** The rule of a result: its own, or one made of the result where the run describes none. */
  of(result: SarifResult): SarifRule;
}

/** The tool of a run. */
interface ToolFacts {
  /** Of all that it finds, whatever a rule says. */
  readonly kind: 'secret' | 'code';
  readonly tool: string;
  readonly name: string;
}

/** A rule's words for a secret, in tools that look for other things too. */
const SECRET_TAG = /^(?:secrets?|hardcoded-credentials|credentials)$/i;

/**
 * The rules of a run, with those that its results name and it does not describe. A rule without a severity of its own has
 * that of the worst of its results, whichever comes first.
 */
export function sarifRules(run: SarifRun, results: readonly SarifResult[], about: ToolFacts): SarifRules {
  const described = descriptors(run);
  const idOf = idReader(run);
  const worst = new Map<string, Severity>();
  for (const result of results) {
    const id = idOf(result);
    const severity = levelSeverity(result.level ?? levelOfRule(described.get(baseId(id, described))));
    const known = worst.get(id);
    if (known === undefined || SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(known))
      worst.set(id, severity);
  }
  const rules = new Map<string, SarifRule>();
  for (const [id, severity] of worst)
    rules.set(id, ruleOf(id, described.get(baseId(id, described)), severity, about));
  return {
    all: [...rules.values()].map(({ rule }) => rule),
    of: (result) => {
      const found = rules.get(idOf(result));
      if (found === undefined) throw new TypeError('a result of another run');
      return found;
    },
  };
}

type Descriptor = Readonly<Record<string, unknown>>;

function descriptors({ tool }: SarifRun): Map<string, Descriptor> {
  const byId = new Map<string, Descriptor>();
  for (const component of [tool.driver, ...(tool.extensions ?? [])]) {
    for (const rule of rulesOf(component)) {
      const id = textOf(rule.id);
      if (id !== undefined && !byId.has(id)) byId.set(id, rule);
    }
  }
  return byId;
}

function rulesOf(component: unknown): readonly Descriptor[] {
  const rules = fieldOf(component, 'rules');
  return Array.isArray(rules) ? rules.filter(isRecord) : [];
}

/** Reads by what a result names its rule. Results are many and rules are few: each name is read once. */
function idReader(run: SarifRun): (result: SarifResult) => string {
  const known = new Map<unknown, string>();
  return (result) => {
    const { ruleId } = result;
    const id = known.get(ruleId);
    if (id !== undefined) return id;
    const read = idOf(result, run);
    if (textOf(ruleId) !== undefined) known.set(ruleId, read);
    return read;
  };
}

/** By name, else by its place in the driver's list or in that of the extension that is named. */
function idOf({ ruleId, ruleIndex, rule }: SarifResult, { tool }: SarifRun): string {
  const component = fieldOf(fieldOf(rule, 'toolComponent'), 'index');
  const list = typeof component === 'number' ? (tool.extensions ?? [])[component] : tool.driver;
  const index = ruleIndex ?? fieldOf(rule, 'index');
  const rules = fieldOf(list, 'rules');
  const pointed =
    typeof index === 'number' && index >= 0 && Array.isArray(rules) ? fieldOf(rules[index], 'id') : undefined;
  return (textOf(ruleId) ?? textOf(fieldOf(rule, 'id')) ?? textOf(pointed) ?? 'unnamed').slice(0, 250);
}

/** `CA1000/1` is a case of `CA1000`. */
function baseId(id: string, described: ReadonlyMap<string, Descriptor>): string {
  if (described.has(id)) return id;
  const parent = id.split('/').slice(0, -1).join('/');
  return parent !== '' && described.has(parent) ? parent : id;
}

function ruleOf(
  id: string,
  descriptor: Descriptor | undefined,
  worst: Severity,
  { kind, tool, name }: ToolFacts,
): SarifRule {
  const properties = fieldOf(descriptor, 'properties');
  const tags = strings(fieldOf(properties, 'tags'));
  const score = scoreOf(fieldOf(properties, 'security-severity'));
  const title = [fieldOf(descriptor, 'shortDescription'), fieldOf(descriptor, 'fullDescription')]
    .map((text) => textOf(fieldOf(text, 'text')))
    .find((text) => text !== undefined);
  const description = textOf(fieldOf(fieldOf(descriptor, 'fullDescription'), 'text'));
  const helpUri = httpsUrl(fieldOf(descriptor, 'helpUri')) ?? TOOL_SITES.get(tool);
  const isSecret = kind === 'secret' || tags.some((tag) => SECRET_TAG.test(tag));
  return {
    rule: {
      id,
      kind: isSecret ? 'secret' : 'code',
      title: (title ?? textOf(fieldOf(descriptor, 'name')) ?? `${name} ${id}`).slice(0, 300),
      ...(description === undefined ? {} : { description }),
      ...(helpUri === undefined ? {} : { helpUri }),
      severity: score === undefined ? worst : band(score),
      ...(score === undefined ? {} : { score }),
      scoreSource: score === undefined ? `level of ${name}` : `security-severity of ${name}`,
      cwes: cwesOf(descriptor, tags),
      tags: tags.filter((tag) => !/cwe/i.test(tag)).slice(0, 5),
    },
    confidence: confidenceOf(fieldOf(properties, 'precision')),
    messages: fieldOf(descriptor, 'messageStrings'),
  };
}

function levelOfRule(descriptor: Descriptor | undefined): string | undefined {
  return textOf(fieldOf(fieldOf(descriptor, 'defaultConfiguration'), 'level'));
}

/** A result without any level is a warning. */
function levelSeverity(level: string | undefined): Severity {
  const severity = severityOfWord(level ?? 'warning');
  return level === 'none' ? 'info' : severity;
}

function scoreOf(value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : textOf(value);
  if (text === undefined || !/^\d{1,2}(?:\.\d+)?$/.test(text)) return undefined;
  const score = Number(text);
  return score > 0 && score <= 10 ? Math.round(score * 10) / 10 : undefined;
}

/** The bands of CVSS. */
function band(score: number): Severity {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  return score >= 4 ? 'medium' : 'low';
}

/** In tags (`external/cwe/cwe-079`, `CWE-79: ...`) and relationships. */
function cwesOf(descriptor: Descriptor | undefined, tags: readonly string[]): string[] {
  const relationships = fieldOf(descriptor, 'relationships');
  const targets = Array.isArray(relationships)
    ? relationships.flatMap((each) => {
        const target = fieldOf(each, 'target');
        const component = textOf(fieldOf(fieldOf(target, 'toolComponent'), 'name'));
        return component?.toUpperCase() === 'CWE' ? [cweOf(fieldOf(target, 'id'))] : [];
      })
    : [];
  const tagged = tags
    .map((tag) => tag.replace(/^external\/cwe\//i, ''))
    .filter((tag) => /^cwe-/i.test(tag))
    .map(cweOf);
  return [...new Set([...targets, ...tagged].flatMap((cwe) => cwe ?? []))];
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.flatMap((each) => textOf(each) ?? []) : [];
}

function confidenceOf(precision: unknown): Confidence {
  if (precision === 'very-high' || precision === 'high') return 'high';
  return precision === 'low' ? 'low' : 'medium';
}

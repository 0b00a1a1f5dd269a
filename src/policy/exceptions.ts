// SPDX-License-Identifier: Apache-2.0
import { buildFinding } from '../findings/build.ts';
import { STATIC_RULES, type StaticRuleId } from '../findings/rules.ts';
import type { Finding } from '../model/finding.ts';
import type { Component } from '../model/inventory.ts';
import type { PolicyException } from '../model/verdict.ts';
import { utcDay } from './dates.ts';
import { policyGlobs } from './globs.ts';
import type { LoadedPolicy } from './loaded.ts';
import { isPackage } from './packages.ts';

/** What has become of each exception once every finding was put to it. */
export interface ExceptionLedger {
  /** The exception that covers a finding, of several the first; `undefined` where none does. */
  suppress(finding: Finding, component: Component | undefined): PolicyException | undefined;
  /** Exceptions past their last day, and those until a fix that a finding has. In the order of the policy. */
  expired(): PolicyException[];
  /** Exceptions that suppressed nothing and have not expired. In the order of the policy. */
  unused(): PolicyException[];
}

export function exceptionLedger(
  { exceptions, base }: Pick<LoadedPolicy, 'exceptions' | 'base'>,
  now: Date,
): ExceptionLedger {
  const today = utcDay(now);
  const entries = exceptions.map((exception) => ({
    exception,
    inPath: exception.path === undefined ? undefined : policyGlobs([exception.path], base),
    used: false,
    expired:
      exception.expires !== undefined && exception.expires !== 'when-fixed' && exception.expires < today,
  }));
  return {
    suppress(finding, component) {
      let first: PolicyException | undefined;
      for (const entry of entries) {
        const { exception, inPath } = entry;
        if (!covers(exception, finding, component)) continue;
        if (inPath && !finding.locations.every((location) => inPath(location.uri))) continue;
        if (exception.expires === 'when-fixed' && isFixed(finding)) entry.expired = true;
        else if (exception.expires === 'when-fixed' || !entry.expired) {
          entry.used = true;
          first ??= exception;
        }
      }
      return first;
    },
    expired: () => entries.filter((entry) => entry.expired).map((entry) => entry.exception),
    unused: () => entries.filter((entry) => !entry.used && !entry.expired).map((entry) => entry.exception),
  };
}

export type ExceptionRuleId = Extract<StaticRuleId, `${string}-exception`>;

/** The finding that says that an exception has expired or is not used. */
export function exceptionFinding(ruleId: ExceptionRuleId, exception: PolicyException): Finding {
  const { location } = exception;
  const what = describe(exception);
  const expired = ruleId === 'expired-exception';
  const message = !expired
    ? `The exception for ${what} suppresses nothing.`
    : exception.expires === 'when-fixed'
      ? `The exception for ${what} held until a fixed version exists, and one does.`
      : `The exception for ${what} has expired; its last day was ${exception.expires}.`;
  const rule = STATIC_RULES.find((each) => each.id === ruleId);
  return buildFinding(
    { kind: 'policy', ruleId, key: identity(exception), uri: location.uri },
    {
      ruleId,
      severity: rule?.defaultSeverity ?? 'info',
      confidence: 'high',
      title: rule?.shortDescription ?? ruleId,
      message,
      tip: expired
        ? 'Fix the problem, or look at it again and set a new date.'
        : 'Remove the exception, so that it cannot hide a later problem.',
      aliases: [],
      cwes: [],
      locations: [location],
      sources: [{ tool: 'plimsoll', ruleId }],
      detail: { kind: 'policy' },
    },
  );
}

function covers(exception: PolicyException, finding: Finding, component: Component | undefined): boolean {
  const { detail } = finding;
  // What is wrong with the gate itself cannot be excepted.
  if (detail.kind === 'policy' || !hasId(finding, exception.id)) return false;
  const { expectedLicense } = exception;
  if (expectedLicense !== undefined) {
    if (detail.kind !== 'license' || squeeze(detail.expression) !== squeeze(expectedLicense)) return false;
  }
  const { package: name, versions } = exception;
  if (name === undefined) return true;
  const wanted = versions === undefined ? { package: name } : { package: name, versions };
  return component !== undefined && isPackage(component, wanted);
}

/**
 * A group of records is covered only if each record that hit carries the excepted id: one that does not is
 * another problem, which nobody has looked at.
 */
function hasId(finding: Finding, id: string): boolean {
  const { detail } = finding;
  if (detail.kind !== 'vulnerability' && detail.kind !== 'malware') return finding.ruleId === id;
  if (detail.records.length === 0) return finding.ruleId === id || finding.aliases.includes(id);
  return detail.records.every((record) => record.id === id || record.aliases.includes(id));
}

function isFixed({ detail }: Finding): boolean {
  return (detail.kind === 'vulnerability' || detail.kind === 'malware') && detail.fixedVersions.length > 0;
}

function describe({ id, package: name, versions, path, expectedLicense }: PolicyException): string {
  const parts = [expectedLicense ?? id];
  if (name !== undefined) parts.push(`of ${name}${versions === undefined ? '' : ` ${versions}`}`);
  if (path !== undefined) parts.push(`in ${path}`);
  return parts.join(' ');
}

/** By content, so that an entry above it does not open a new alert. */
function identity({ id, package: name, versions, path, expectedLicense }: PolicyException): string {
  return JSON.stringify([id, name ?? null, versions ?? null, path ?? null, expectedLicense ?? null]);
}

function squeeze(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

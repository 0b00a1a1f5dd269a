// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { TOOL_SITES } from '../findings/tool-sites.ts';
import type { SecretHit, ToolGap, ToolReport, ToolRule } from '../model/tool-report.ts';
import { detectSecretsRunner } from './detect-secrets-runner.ts';
import { hasKeys, parsedObject, positionOf, readEntries, readEnvelope, rulesById, textOf } from './fields.ts';
import type { Scanner } from './scanner.ts';

const envelope = z.object({
  version: z.string(),
  results: parsedObject,
});

const entry = z.object({
  type: z.string().min(1),
  filename: z.string().min(1),
  hashed_secret: z.string().regex(/^[0-9a-f]{40}$/),
  is_verified: z.boolean().optional(),
  is_secret: z.boolean().optional(),
  line_number: z.number().optional(),
});
type Entry = z.output<typeof entry>;

/** Detectors that go by the look of a value or the name of its variable. */
const GUESSES: ReadonlySet<string> = new Set([
  'Base64 High Entropy String',
  'Hex High Entropy String',
  'Secret Keyword',
]);

/**
 * The output of `detect-secrets scan`, which is a baseline too: somebody may have looked at its entries, and what was
 * marked as no secret stays marked. Of each secret it has the sha1 alone.
 * @see https://github.com/Yelp/detect-secrets/blob/v1.5.0/detect_secrets/core/potential_secret.py
 */
export const detectSecrets: Scanner = {
  id: 'detect-secrets',
  name: 'detect-secrets',
  recognises: (report) => hasKeys(report, 'version', 'plugins_used', 'results'),
  read: (report) => [readDetectSecrets(report)],
  runner: detectSecretsRunner((report) => readDetectSecrets(report)),
};

function readDetectSecrets(report: unknown): ToolReport {
  const { version, results } = readEnvelope(envelope, report, 'detect-secrets');
  const gaps: ToolGap[] = [];
  const entries = Object.entries(results).flatMap(([file, found]) => {
    if (Array.isArray(found)) return readEntries(entry, found, `results of ${file}`, gaps);
    gaps.push({ path: file, message: 'cannot be read: expected a list of secrets' });
    return [];
  });
  return {
    tool: 'detect-secrets',
    name: 'detect-secrets',
    ...(textOf(version) === undefined ? {} : { version: version.slice(0, 40) }),
    rules: rulesById(entries.map(ruleOf)),
    hits: entries.map(hitOf),
    gaps,
  };
}

function ruleOf({ type }: Entry): ToolRule {
  const helpUri = TOOL_SITES.get('detect-secrets');
  return {
    id: type,
    kind: 'secret',
    title: textOf(type) ?? 'Secret',
    ...(helpUri === undefined ? {} : { helpUri }),
    severity: 'high',
    scoreSource: 'default of plimsoll for detect-secrets',
    cwes: ['CWE-798'],
    tags: [],
  };
}

function hitOf({ type, filename, hashed_secret, is_verified, is_secret, line_number }: Entry): SecretHit {
  const startLine = positionOf(line_number);
  return {
    kind: 'secret',
    ruleId: type,
    place: { path: filename, ...(startLine === undefined ? {} : { startLine }) },
    confidence: GUESSES.has(type) ? 'medium' : 'high',
    clue: { sha1: hashed_secret },
    ...(is_verified === true ? { verified: true } : {}),
    ...(is_secret === false
      ? { suppression: { kind: 'external', reason: 'marked as no secret in the report' } }
      : {}),
  };
}

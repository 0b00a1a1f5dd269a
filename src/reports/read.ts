// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import type { EarlierReport, UnknownFinding } from '../model/comparison.ts';
import { type Finding, SEVERITIES } from '../model/finding.ts';
import type { Location } from '../model/location.ts';
import { SCHEMA_VERSION } from '../model/report.ts';
import { errorMessage, PlimsollError } from '../platform/errors.ts';

const text = z.string();
const texts = z.array(text);
const line = z.int().min(1);
const probability = z.number().min(0).max(1);

const location = z.object({
  uri: text.min(1),
  outside: z.literal(true).exactOptional(),
  startLine: line.exactOptional(),
  endLine: line.exactOptional(),
  startColumn: line.exactOptional(),
  endColumn: line.exactOptional(),
}) satisfies z.ZodType<Location>;

const record = z.object({
  id: text,
  modified: text,
  published: text.exactOptional(),
  aliases: texts,
  matched: z.object({ by: z.enum(['version', 'range', 'commit']), value: text }),
  fixed: texts,
  lastKnownAffected: text.exactOptional(),
});

const detail = z.discriminatedUnion('kind', [
  z.object({
    kind: z.enum(['vulnerability', 'malware']),
    records: z.array(record),
    fixedVersions: texts,
    recommendedVersion: z.object({ version: text, breaking: z.boolean() }).exactOptional(),
    epss: z.object({ score: probability, percentile: probability }).exactOptional(),
    kev: z.boolean().exactOptional(),
    dependencyPaths: z.array(texts),
  }),
  z.object({
    kind: z.literal('license'),
    expression: text,
    result: z.enum(['fail', 'unknown', 'reported']),
    failing: texts,
    branch: text.exactOptional(),
  }),
  z.object({
    kind: z.literal('secret'),
    detector: text,
    mask: text,
    verified: z.boolean().exactOptional(),
    commits: texts.exactOptional(),
  }),
  z.object({
    kind: z.literal('misconfiguration'),
    resource: text.exactOptional(),
    control: text.exactOptional(),
  }),
  z.object({ kind: z.enum(['code', 'dependency', 'policy']) }),
]) satisfies z.ZodType<Finding['detail']>;

const finding = z.object({
  fingerprint: text.regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits'),
  ruleId: text.min(1),
  kind: z.enum([
    'vulnerability',
    'malware',
    'license',
    'secret',
    'code',
    'misconfiguration',
    'dependency',
    'policy',
  ]),
  severity: z.enum(SEVERITIES),
  score: z.number().min(0).max(10).exactOptional(),
  scoreSource: text.exactOptional(),
  confidence: z.enum(['high', 'medium', 'low']),
  title: text,
  message: text,
  tip: text,
  project: text.exactOptional(),
  component: text.exactOptional(),
  aliases: texts,
  cwes: texts,
  locations: z.array(location).min(1),
  sources: z.array(
    z.object({
      tool: text,
      version: text.exactOptional(),
      ruleId: text,
      severity: text.exactOptional(),
    }),
  ),
  lineHash: text.exactOptional(),
  suppression: z
    .object({ kind: z.enum(['inSource', 'external']), reason: text.exactOptional() })
    .exactOptional(),
  related: texts.exactOptional(),
  baselineState: z.enum(['new', 'unchanged', 'updated', 'absent']).exactOptional(),
  detail,
}) satisfies z.ZodType<Finding>;

const unknown = z.object({
  finding,
  cause: z.enum([
    'tool-did-not-run',
    'tool-incomplete',
    'not-read',
    'advisory-data',
    'not-judged',
    'line-changed',
    'in-history',
  ]),
  reason: text,
  package: z.object({ ecosystem: text, name: text, version: text.exactOptional() }).exactOptional(),
}) satisfies z.ZodType<UnknownFinding>;

/** The parts of a report that a comparison uses; what else a report holds is not looked at. */
const report = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  tool: z.object({ name: z.literal('plimsoll'), version: text }),
  subject: z.object({ path: text.exactOptional(), commit: text.exactOptional() }),
  evaluatedAt: text,
  inventory: z.object({
    projects: z.array(z.object({ id: text, manifest: text, files: texts })),
    components: z.array(
      z.object({
        ref: text,
        ecosystem: text.exactOptional(),
        name: text,
        version: text.exactOptional(),
      }),
    ),
  }),
  coverage: z.array(
    z.object({
      plugin: text,
      target: text,
      status: z.enum(['succeeded', 'partial', 'failed', 'skipped']),
      cause: text.exactOptional(),
    }),
  ),
  advisoryData: z.object({
    source: z.enum(['mirror', 'osv', 'bundled', 'none']),
    ecosystems: z.array(z.object({ name: text, newestModified: text.exactOptional() })),
  }),
  scanners: z.array(z.object({ id: text, target: text.exactOptional() })).exactOptional(),
  findings: z.array(finding),
  comparison: z.object({ unknown: z.array(unknown) }).exactOptional(),
}) satisfies z.ZodType<EarlierReport>;

/**
 * Reads the JSON report of an earlier run, as `-f json` wrote it, as far as a comparison needs it.
 *
 * @param file what the report is called in errors
 * @throws PlimsollError `parse-failed`: what was expected, and where
 */
export function parseReport(json: string, file: string): EarlierReport {
  const read = report.safeParse(parseJson(json, file));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const at = (issue?.path ?? []).map(String).join('.').slice(0, 200);
  const problem = (issue?.message ?? 'another shape').replace(/^Invalid (input|option): /, '');
  const place = at === '' ? '' : ` at ${at}`;
  throw failed(
    file,
    `expected a JSON report of plimsoll, schema version ${SCHEMA_VERSION}${place}: ${problem}`,
  );
}

function parseJson(json: string, file: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    const got = json.trim() === '' ? 'an empty file' : errorMessage(error).slice(0, 200);
    throw failed(file, `expected a JSON report of plimsoll, got ${got}`, error);
  }
}

function failed(file: string, message: string, cause?: unknown): PlimsollError {
  return new PlimsollError('parse-failed', `${file}: ${message}`, { file, cause });
}

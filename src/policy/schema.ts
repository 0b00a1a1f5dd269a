// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { PROJECT_URL } from '../findings/rules.ts';
import { SEVERITIES } from '../model/finding.ts';
import { SCANNER_IDS } from '../model/scanner-ids.ts';
import { globProblem } from '../platform/glob.ts';
import { satisfies } from '../versions/range.ts';
import { expectedLicense, isKnownLicense } from './license-ids.ts';
import { parsePackage } from './packages.ts';

/** A span of time: as written, and in milliseconds. */
interface Duration {
  readonly text: string;
  readonly milliseconds: number;
}

const HOUR = 3_600_000;

/** A severity and above, or `never`. */
const threshold = z.enum([...SEVERITIES.filter((s) => s !== 'unscored'), 'never']);
const limits = (what: string) =>
  z.strictObject({
    fail: threshold.describe(`${what} of this severity and above fail.`),
    warn: threshold.describe(`${what} of this severity and above warn.`),
  });

const words = <const T extends readonly [string, ...string[]]>(options: T, description: string) =>
  z.enum(options).describe(description);

const text = z
  .string({ error: 'a text' })
  .max(1000, 'a text of at most 1000 characters')
  .regex(/\S/, 'a text that is not empty');

const duration = z
  .string({ error: 'a duration such as 24h or 7d' })
  .regex(/^\d{1,5}[hd]$/, 'a duration such as 24h or 7d')
  .transform((written): Duration => {
    const unit = written.endsWith('d') ? 24 * HOUR : HOUR;
    return { text: written, milliseconds: Number(written.slice(0, -1)) * unit };
  });

const PROBABILITY = 'a probability from 0 to 1';
const probability = z.number({ error: PROBABILITY }).min(0, PROBABILITY).max(1, PROBABILITY);

/** `0.1` is short for `{fail: 0.1}`, and `false` for neither. */
const epssGate = z.union([
  probability.transform((fail): EpssGate => ({ fail })),
  z.literal(false, { error: PROBABILITY }).transform((): EpssGate => ({})),
  z
    .strictObject({ fail: probability.exactOptional(), warn: probability.exactOptional() })
    .refine(({ fail, warn }) => fail !== undefined || warn !== undefined, 'fail, warn or both')
    .refine(({ fail = 1, warn = 0 }) => warn <= fail, 'warn not above fail'),
]);

/** From which probability on a vulnerability fails, or warns. */
interface EpssGate {
  readonly fail?: number;
  readonly warn?: number;
}

const date = z
  .string({ error: 'a date, YYYY-MM-DD' })
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'a date, YYYY-MM-DD')
  .refine(isCalendarDay, 'a day that is in the calendar');
const WHEN_FIXED = 'a date, YYYY-MM-DD, or when-fixed';
const dateOrWhenFixed = z
  .string({ error: WHEN_FIXED })
  .regex(/^(\d{4}-\d{2}-\d{2}|when-fixed)$/, WHEN_FIXED)
  .refine((value) => value === 'when-fixed' || isCalendarDay(value), 'a day that is in the calendar');

const glob = z
  .string({ error: 'a glob' })
  .superRefine((value, context) => {
    const problem = globProblem(value);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  })
  .describe(
    'Glob relative to the directory of the policy: * and ? within a segment, ** for any number of segments.',
  );

const treePath = z
  .string({ error: 'a path' })
  .regex(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[^\\:]+$/, 'a path within the tree, with / and without ..');

const packageName = text
  .refine((value) => parsePackage(value) !== undefined, 'a package name, or a purl without version')
  .describe('Package name, or purl without version (pkg:npm/%40scope/name).');
const versions = text
  .refine(
    (range) => (['PyPI', 'npm'] as const).some((ecosystem) => satisfies(ecosystem, '0', range) !== undefined),
    'a version range of PyPI (>=1.0,<2) or npm (^1.2.0)',
  )
  .describe('Versions in the notation of the ecosystem; absent: all.');
const reason = text.describe('Why; shown in every report.');
const owner = text.describe('Who answers for it.');

/** Leaves of an expression: one id, with `+` or `WITH`; never AND or OR, whose meaning in a list is unclear. */
const licenseEntry = z
  .string({ error: 'a licence id' })
  .max(200, 'a licence id')
  .regex(
    /^[A-Za-z0-9.:-]+\+?( WITH [A-Za-z0-9.:-]+)?$/,
    'one SPDX id (MIT, GPL-2.0-only WITH Classpath-exception-2.0), no AND or OR',
  )
  .refine(isKnownLicense, { error: ({ input }) => expectedLicense(String(input)) });
const licenseList = z.array(licenseEntry);

const exception = z
  .strictObject({
    id: text
      .refine(
        (id) => id !== 'license-not-allowed',
        'an advisory or rule id (for licences: licenses.exceptions)',
      )
      .describe('Advisory id or alias, or the rule id of another kind of finding.'),
    package: packageName.exactOptional(),
    versions: versions.exactOptional(),
    path: glob.exactOptional(),
    reason,
    owner: owner.exactOptional(),
    expires: dateOrWhenFixed
      .describe('Last day on which it holds (YYYY-MM-DD, UTC), or when-fixed: until a fixed version exists.')
      .exactOptional(),
  })
  .refine((entry) => entry.versions === undefined || entry.package !== undefined, {
    path: ['versions'],
    message: 'a package beside versions',
  });

const licenseException = z.strictObject({
  package: packageName,
  versions: versions.exactOptional(),
  license: text.describe('The licence expression that was looked at; another one is not excepted.'),
  reason,
  owner: owner.exactOptional(),
  expires: date.describe('Last day on which it holds (YYYY-MM-DD, UTC).').exactOptional(),
});

const clarification = z.strictObject({
  package: packageName,
  versions: versions.exactOptional(),
  expression: text.describe('SPDX licence expression.'),
  reason,
});

const ignored = z.strictObject({ path: glob, reason });

const graceShape = Object.fromEntries(SEVERITIES.map((s) => [s, duration.exactOptional()])) as Record<
  (typeof SEVERITIES)[number],
  z.ZodExactOptional<typeof duration>
>;

const complete = z.strictObject({
  advisories: z
    .strictObject({
      runtime: limits('Vulnerabilities in runtime dependencies'),
      dev: limits('Vulnerabilities in development and build dependencies'),
      malware: words(['fail', 'warn'], 'Malicious packages, in any scope.'),
      kev: z
        .literal(['fail', 'warn', true, false])
        .transform((word) => (word === true ? 'fail' : word === false ? 'ignore' : word))
        .describe(
          'Vulnerabilities known to be exploited (CISA KEV), in any scope: true is fail, false ignores them.',
        ),
      epss: epssGate.describe(
        'Vulnerabilities whose probability of exploitation (EPSS) is at least this, in any scope: 0.1 or {fail, warn}; false: none.',
      ),
      unscored: words(['fail', 'warn', 'ignore'], 'Vulnerabilities without a severity, in any scope.'),
      maxAge: z
        .strictObject({
          warn: duration.describe('Older data is reported.'),
          incomplete: duration.describe('Older data makes the verdict incomplete.'),
        })
        .describe('Age of the advisory data, by its newest record.'),
      grace: z
        .strictObject(graceShape)
        .describe('Time from publication during which a vulnerability of a severity warns before it fails.'),
    })
    .describe('Vulnerabilities and malware.'),
  dependencies: z
    .strictObject({
      unpinned: words(['warn', 'incomplete', 'ignore'], 'Requirements without an exact version.'),
      unmatchable: words(['warn', 'incomplete', 'ignore'], 'Packages from git, URLs and paths.'),
      unhashed: words(['fail', 'warn', 'ignore'], 'Requirements without hash in a file with hashes.'),
    })
    .describe('How packages are locked and where they come from.'),
  licenses: z
    .strictObject({
      allow: z
        .union([
          licenseList.transform((list) => ({ runtime: list, dev: list })),
          z.strictObject({ runtime: licenseList.exactOptional(), dev: licenseList.exactOptional() }),
        ])
        .describe('Allowed licences, for all scopes or per scope; empty: the gate is off.'),
      ranges: z.boolean().describe('Whether an allowed GPL-2.0-or-later covers GPL-3.0-only.'),
      with: words(['base', 'strict'], 'Whether X allows X WITH an exception (base), or only the pair does.'),
      unknown: words(['warn', 'incomplete', 'ignore'], 'Packages whose licence is not known.'),
      clarify: z.array(clarification).describe('Corrections of what packages say of themselves.'),
      exceptions: z
        .array(licenseException)
        .describe('Packages that may carry a licence that is not allowed.'),
    })
    .describe('Licences of dependencies.'),
  secrets: limits('Secrets'),
  code: limits('Findings in code'),
  misconfigurations: limits('Misconfigurations'),
  scanners: z
    .partialRecord(
      z.enum(SCANNER_IDS),
      z.strictObject({
        required: z.boolean().describe('Whether a verdict needs it.'),
        version: text.describe('The exact version to use.').exactOptional(),
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits')
          .describe('Of the program that alone may be run.')
          .exactOptional(),
        rules: z
          .array(treePath)
          .describe('Files and directories of its rules, from where globs start; Semgrep has no other ones.')
          .exactOptional(),
        report: treePath
          .describe(
            'A report that it left in the tree, from where globs start; it is read, and the tool is not run.',
          )
          .exactOptional(),
      }),
    )
    .describe('Scanners to run, by id.'),
  coverage: z
    .strictObject({ ignore: z.array(ignored).describe('Paths that need not be checked.') })
    .describe('What must be checked. What cannot be read makes the verdict incomplete.'),
  pullRequests: z
    .strictObject({
      exceptionsFromHead: z
        .boolean()
        .describe('Whether exceptions that a pull request adds hold for that pull request.'),
    })
    .describe('How pull requests are judged.'),
  exceptions: z.array(exception).describe('Accepted risks.'),
});

/** A policy with every key resolved. */
export type Policy = z.output<typeof complete>;
export type Limits = Policy['code'];
export type Threshold = Limits['fail'];

/** Turns the merged keys of all files into a {@link Policy}. */
export const policySchema = complete;

/** One policy file, in which every key may be left out. */
export const policyFileSchema = z
  .strictObject({
    $schema: z.string({ error: 'a URL' }).exactOptional(),
    version: z.literal(1, { error: '1' }).describe('Version of the policy format.').exactOptional(),
    extends: z
      .string({ error: 'default, strict or a path such as ./policy.yaml' })
      .describe(
        'Where the keys that are not given come from: default, strict, or ./a/file/of/this/tree.yaml.',
      )
      .exactOptional(),
    ...deepPartial(complete).shape,
  })
  .meta({ title: 'plimsoll policy' });

export const POLICY_SCHEMA_URL = schemaUrl('policy.schema.json');

/** JSON Schema (draft 7) of a policy file, for editors. */
export function policyJsonSchema(): Readonly<Record<string, unknown>> {
  return { $id: POLICY_SCHEMA_URL, ...z.toJSONSchema(policyFileSchema, { io: 'input', target: 'draft-7' }) };
}

function schemaUrl(file: string): string {
  return `${PROJECT_URL.replace('//github.com/', '//raw.githubusercontent.com/')}/main/schemas/${file}`;
}

/** The same object with every key of its objects optional; the items of lists stay as they are. */
function deepPartial(schema: z.ZodObject): z.ZodObject {
  const entries = Object.entries(schema.shape).map(([key, value]) => {
    const inner = value instanceof z.ZodObject ? deepPartial(value) : (value as z.ZodType);
    return [key, inner instanceof z.ZodExactOptional ? inner : inner.exactOptional()];
  });
  const description = schema.description;
  const partial = z.strictObject(Object.fromEntries(entries));
  return description === undefined ? partial : partial.describe(description);
}

function isCalendarDay(day: string): boolean {
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}

// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { ECOSYSTEMS } from '../model/inventory.ts';
import { compareText } from '../model/order.ts';
import { normalizePypiName } from '../model/purl.ts';
import type { PackageHit, ToolPackage } from '../model/tool-report.ts';
import { cweOf, fieldOf, httpsUrl, isRecord, textOf } from './fields.ts';

export const vulnerability = z.object({
  VulnerabilityID: z.string().min(1),
  VendorIDs: z.array(z.string()).nullish(),
  PkgName: z.string().min(1),
  PkgPath: z.string().optional(),
  InstalledVersion: z.string().optional(),
  FixedVersion: z.string().optional(),
  Severity: z.string().optional(),
  SeveritySource: z.string().optional(),
  PrimaryURL: z.string().optional(),
  Title: z.string().optional(),
  Description: z.string().optional(),
  CweIDs: z.array(z.unknown()).nullish(),
  CVSS: z.unknown().optional(),
  References: z.array(z.unknown()).nullish(),
  PublishedDate: z.string().nullish(),
  LastModifiedDate: z.string().nullish(),
});
type Vulnerability = z.output<typeof vulnerability>;

/**
 * Ecosystems of OSV by Trivy's types; a type that OSV has no name for keeps its own.
 * @see https://github.com/aquasecurity/trivy/blob/v0.70.0/pkg/fanal/types/const.go
 * @see https://ossf.github.io/osv-schema/#defined-ecosystems
 */
const ECOSYSTEM_OF = new Map<string, string>(
  Object.entries({
    npm: 'npm yarn pnpm bun node-pkg javascript',
    PyPI: 'pip pipenv poetry uv pylock python-pkg',
    Maven: 'jar pom gradle sbt',
    Go: 'gomod gobinary',
    'crates.io': 'cargo rustbinary',
    RubyGems: 'bundler gemspec',
    Packagist: 'composer composer-vendor',
    NuGet: 'nuget dotnet-core packages-props',
    ConanCenter: 'conan',
    SwiftURL: 'swift',
    Pub: 'pub',
    Hex: 'hex',
    Bitnami: 'bitnami',
    Julia: 'julia',
    Alpine: 'alpine',
    AlmaLinux: 'alma',
    'Azure Linux': 'azurelinux cbl-mariner',
    Chainguard: 'chainguard',
    Debian: 'debian',
    Echo: 'echo',
    MinimOS: 'minimos',
    openSUSE: 'opensuse opensuse-leap opensuse-tumbleweed opensuse.leap opensuse.tumbleweed',
    'Photon OS': 'photon',
    'Red Hat': 'redhat',
    'Rocky Linux': 'rocky',
    SUSE: 'sles slem',
    Ubuntu: 'ubuntu',
    Wolfi: 'wolfi',
  }).flatMap(([ecosystem, types]) => types.split(' ').map((type) => [type, ecosystem] as const)),
);

/** A vulnerability as Trivy tells it, with a record of the shape of OSV made of it: not one of OSV's own. */
export function packageHit(found: Vulnerability, path: string, type: string): PackageHit {
  const ecosystem = ecosystemOf(type);
  const name = nameIn(ecosystem, found.PkgName);
  const version = found.InstalledVersion ?? '';
  return {
    kind: 'vulnerability',
    path,
    ecosystem,
    name,
    version,
    record: recordOf(found, { ecosystem, name, version }),
    ...(found.Severity === undefined ? {} : { toolSeverity: found.Severity }),
  };
}

const listed = z.object({
  Name: z.string().min(1),
  Version: z.string().min(1),
  FilePath: z.string().optional(),
});

/** The packages of a target; those of ecosystems that plimsoll does not know are left out. */
export function toolPackages(
  packages: readonly unknown[],
  pathOf: (own: string | undefined) => string,
  type: string,
): ToolPackage[] {
  const ecosystem = ECOSYSTEMS.find((each) => each === ecosystemOf(type));
  if (ecosystem === undefined) return [];
  return packages.flatMap((each) => {
    const read = listed.safeParse(each);
    if (!read.success) return [];
    const { Name, Version, FilePath } = read.data;
    return [{ path: pathOf(FilePath), ecosystem, name: nameIn(ecosystem, Name), version: Version }];
  });
}

function ecosystemOf(type: string): string {
  return ECOSYSTEM_OF.get(type.toLowerCase()) ?? type;
}

function nameIn(ecosystem: string, name: string): string {
  return ecosystem === 'PyPI' ? normalizePypiName(name) : name;
}

/** @see https://ossf.github.io/osv-schema/ */
function recordOf(
  found: Vulnerability,
  {
    ecosystem,
    name,
    version,
  }: { readonly ecosystem: string; readonly name: string; readonly version: string },
): PackageHit['record'] {
  const id = found.VulnerabilityID;
  const summary = textOf(found.Title);
  const details = textOf(found.Description);
  const fixed = fixedVersions(found.FixedVersion);
  const urls = [found.PrimaryURL, ...(found.References ?? [])].map(httpsUrl);
  return {
    id,
    ...(found.LastModifiedDate ? { modified: found.LastModifiedDate } : {}),
    ...(found.PublishedDate ? { published: found.PublishedDate } : {}),
    aliases: [...new Set(found.VendorIDs ?? [])].filter((alias) => alias !== '' && alias !== id),
    ...(summary === undefined ? {} : { summary }),
    ...(details === undefined ? {} : { details }),
    severity: vectorsOf(found.CVSS, found.SeveritySource),
    affected: [
      {
        package: { ecosystem, name },
        versions: version === '' ? [] : [version],
        // Trivy does not tell where it began: from the installed version on is all that is known.
        ranges:
          version === '' || fixed.length === 0
            ? []
            : [
                {
                  type: 'ECOSYSTEM',
                  events: [{ introduced: version }, ...fixed.map((each) => ({ fixed: each }))],
                },
              ],
      },
    ],
    references: [...new Set(urls)].flatMap((url) => (url === undefined ? [] : [{ type: 'WEB', url }])),
    database_specific: {
      ...(found.Severity === undefined ? {} : { severity: found.Severity }),
      cwe_ids: (found.CweIDs ?? []).flatMap((cwe) => cweOf(cwe) ?? []),
    },
  };
}

/** `11.0.14, 10.1.49`, and `>=4.17.11` of old reports; constraints of more than one version say less. */
function fixedVersions(text = ''): string[] {
  return text
    .split(/,|\|\|/)
    .map((part) => part.trim().replace(/^(?:>=|=|\^|~)\s*/, ''))
    .filter((part) => /^[\w.+:~-]+$/.test(part));
}

/** Vectors of the database from which Trivy took the severity; else of GitHub, of the NVD, or the first by name. */
function vectorsOf(scores: unknown, source = ''): { type: string; score: string }[] {
  if (!isRecord(scores)) return [];
  for (const name of [source, 'ghsa', 'nvd', ...Object.keys(scores).sort(compareText)]) {
    const score = fieldOf(scores, name);
    const vectors = (
      [
        ['CVSS_V4', 'V40Vector'],
        ['CVSS_V3', 'V3Vector'],
        ['CVSS_V2', 'V2Vector'],
      ] as const
    ).flatMap(([type, key]) => {
      const vector = textOf(fieldOf(score, key));
      return vector === undefined ? [] : [{ type, score: vector }];
    });
    if (vectors.length > 0) return vectors;
  }
  return [];
}

// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { matchPackage, type PackageMatcher, packageMatcher } from '../../src/advisories/matcher.ts';
import { packageKey } from '../../src/advisories/source.ts';
import type { Advisory } from '../../src/model/advisory.ts';
import { ECOSYSTEMS, type Ecosystem } from '../../src/model/inventory.ts';
import { normalizePypiName } from '../../src/model/purl.ts';
import { HAS_SHARED_DATA, SHARED_DATA, SHARED_SKIP_REASON } from '../support/shared-data.ts';
import { sharedRecords } from './shared-records.ts';

const records = new Map<Ecosystem, Advisory[]>();
if (HAS_SHARED_DATA) {
  for (const ecosystem of ECOSYSTEMS) records.set(ecosystem, sharedRecords(ecosystem));
}

describe.skipIf(!HAS_SHARED_DATA)(`real records${HAS_SHARED_DATA ? '' : ` ${SHARED_SKIP_REASON}`}`, () => {
  it('are all there', () => {
    expect(ECOSYSTEMS.map((ecosystem) => records.get(ecosystem)?.length)).toEqual([2661, 465]);
  });

  it('hit every version that they list', () => {
    const missed: string[] = [];
    let asked = 0;
    for (const [ecosystem, all] of records) {
      for (const record of all) {
        for (const entry of record.affected) {
          const matcher = packageMatcher(ecosystem, entry.package.name, [record]);
          for (const version of entry.versions) {
            asked++;
            if (matcher.affects(version) === (record.withdrawn !== undefined))
              missed.push(`${record.id} ${version}`);
          }
        }
      }
    }
    expect(missed).toEqual([]);
    expect(asked).toBeGreaterThan(100_000);
  });

  it('hit no version that they call fixed, unless another interval or the list holds it', () => {
    const contradictions: string[] = [];
    for (const [ecosystem, all] of records) {
      for (const record of all) {
        for (const entry of record.affected) {
          for (const fixed of packageMatcher(ecosystem, entry.package.name, [record]).fixes()) {
            const [match] = matchPackage(ecosystem, entry.package.name, fixed, [record]);
            if (match?.records[0]?.matched.by === 'range') contradictions.push(`${record.id} ${fixed}`);
          }
        }
      }
    }
    // Records with one range per release line, each of which begins at 0: the union of them holds the lower fixes.
    expect(contradictions).toMatchInlineSnapshot(`
      [
        "NSWG-ECO-490 1.1.7",
        "NSWG-ECO-495 2.0.18",
        "NSWG-ECO-495 3.0.16",
        "NSWG-ECO-495 3.1.6",
        "NSWG-ECO-495 4.0.8",
      ]
    `);
  });

  it('give what osv-scanner 2.5.0 found on the packages it read from the lockfiles', () => {
    const matchers = matchersByPackage();
    const differences: string[] = [];
    let same = 0;
    for (const { place, packages, advisories } of recordedAnswers()) {
      const theirs = new Set(advisories.map((parts) => parts.join(' ')));
      const ours = new Set(
        packages.flatMap(([ecosystem, name, version]) =>
          (version === '' ? [] : (matchers.get(packageKey(ecosystem, name))?.match(version) ?? []))
            .flatMap((match) => match.records)
            .map(({ id }) => `${ecosystem} ${name} ${version} ${id}`),
        ),
      );
      for (const hit of new Set([...ours, ...theirs])) {
        if (ours.has(hit) && theirs.has(hit)) same++;
        else differences.push(`${place}: ${hit} is found by ${ours.has(hit) ? 'us' : 'them'} alone`);
      }
    }
    expect(differences).toEqual([]);
    expect(same).toBeGreaterThan(1000);
  });
});

function matchersByPackage(): Map<string, PackageMatcher> {
  const byPackage = new Map<string, { ecosystem: Ecosystem; name: string; records: Set<Advisory> }>();
  for (const [ecosystem, all] of records) {
    for (const record of all) {
      for (const entry of record.affected) {
        const name = ecosystem === 'PyPI' ? normalizePypiName(entry.package.name) : entry.package.name;
        const known = byPackage.get(packageKey(ecosystem, name)) ?? { ecosystem, name, records: new Set() };
        byPackage.set(packageKey(ecosystem, name), known);
        known.records.add(record);
      }
    }
  }
  return new Map(
    [...byPackage].map(([key, { ecosystem, name, records }]) => [
      key,
      packageMatcher(ecosystem, name, [...records]),
    ]),
  );
}

interface RecordedAnswer {
  readonly place: string;
  readonly packages: readonly (readonly [string, string, string])[];
  /** Ecosystem, name, version, record id. */
  readonly advisories: readonly (readonly string[])[];
}

function recordedAnswers(): RecordedAnswer[] {
  const root = join(SHARED_DATA, 'lockfiles');
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name: format }) =>
    readdirSync(join(root, format)).flatMap((folder) => {
      const file = join(root, format, folder, '.oracle', 'peers.json');
      const answer = existsSync(file)
        ? JSON.parse(readFileSync(file, 'utf8'))['osv-scanner 2.5.0']
        : undefined;
      if (!answer?.advisories) return [];
      return [{ place: `${format}/${folder}`, packages: answer.packages, advisories: answer.advisories }];
    }),
  );
}

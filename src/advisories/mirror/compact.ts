// SPDX-License-Identifier: Apache-2.0
import type { Advisory, Affected } from '../../model/advisory.ts';
import type { Ecosystem } from '../../model/inventory.ts';
import { ECOSYSTEMS } from '../../model/inventory.ts';
import { normalizePypiName } from '../../model/purl.ts';

/** The supported ecosystem of an OSV ecosystem name; a suffix after `:` (`PyPI:x`) does not count. */
export function supportedEcosystem(name: string): Ecosystem | undefined {
  return ECOSYSTEMS.find((ecosystem) => name === ecosystem || name.startsWith(`${ecosystem}:`));
}

/** The name by which a package is looked up. */
export function indexName(ecosystem: Ecosystem, name: string): string {
  return ecosystem === 'PyPI' ? normalizePypiName(name) : name;
}

/**
 * The JSON of a record cut down to one package, as it stands in the index: without prose and references, without
 * empty lists, and without the package where it is spelt as the entry's key.
 */
export function compactAdvisory(advisory: Advisory, affected: readonly Affected[], key: IndexKey): string {
  const { id, modified, published, withdrawn, aliases, severity, severityLabel, cwes } = advisory;
  return JSON.stringify({
    id,
    modified,
    published,
    withdrawn,
    aliases: filled(aliases),
    severity: filled(severity),
    severityLabel,
    cwes: filled(cwes),
    affected: affected.map(
      ({ package: { ecosystem, name }, ranges, versions, severity, lastKnownAffected }) => ({
        package: ecosystem === key.ecosystem && name === key.name ? undefined : { ecosystem, name },
        ranges: filled(ranges),
        versions: filled(versions),
        severity: filled(severity),
        lastKnownAffected,
      }),
    ),
  });
}

export interface IndexKey {
  readonly ecosystem: Ecosystem;
  readonly name: string;
}

/**
 * The records of an index entry; `undefined` where it is that of another package with the same hash.
 * @throws TypeError, SyntaxError for what is no entry
 */
export function expandEntry(json: string, key: IndexKey): Advisory[] | undefined {
  const [ecosystem, name, records] = JSON.parse(json) as IndexEntry;
  if (typeof ecosystem !== 'string' || typeof name !== 'string') throw new TypeError('no index entry');
  if (ecosystem !== key.ecosystem || name !== key.name) return undefined;
  return records.map((record) => ({
    ...record,
    aliases: record.aliases ?? [],
    severity: record.severity ?? [],
    affected: record.affected.map((entry) => ({
      ...entry,
      package: entry.package ?? { ecosystem, name },
      ranges: entry.ranges ?? [],
      versions: entry.versions ?? [],
      severity: entry.severity ?? [],
    })),
    references: [],
    cwes: record.cwes ?? [],
  }));
}

/** The package of an index entry. @throws TypeError, SyntaxError for what is no entry */
export function keyOfEntry(json: string): IndexKey {
  const [ecosystem, name] = JSON.parse(json) as IndexEntry;
  const known = ECOSYSTEMS.find((each) => each === ecosystem);
  if (known === undefined || typeof name !== 'string') throw new TypeError('no index entry');
  return { ecosystem: known, name };
}

type IndexEntry = readonly [ecosystem: string, name: string, records: readonly CompactAdvisory[]];

type CompactAdvisory = Pick<Advisory, 'id' | 'modified' | 'published' | 'withdrawn' | 'severityLabel'> &
  Partial<Pick<Advisory, 'aliases' | 'severity' | 'cwes'>> & {
    readonly affected: readonly Partial<Affected>[];
  };

function filled<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

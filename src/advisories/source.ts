// SPDX-License-Identifier: Apache-2.0
import type { Advisory, AdvisoryData } from '../model/advisory.ts';
import type { Coverage } from '../model/coverage.ts';
import type { Ecosystem } from '../model/inventory.ts';

/** A package to ask for: one entry per (ecosystem, name) of the inventory. */
export interface PackageQuery {
  readonly ecosystem: Ecosystem;
  readonly name: string;
}

/** What a source knows of the packages asked for; a gap is a coverage row, never an error. */
export interface AdvisoryAnswer {
  /**
   * Records by {@link packageKey}, withdrawn ones included. Records may lack prose and references, and their
   * `affected` may be cut down to the package asked for.
   */
  readonly records: ReadonlyMap<string, readonly Advisory[]>;
  /** What could not be asked or read: rows of plugin `advisories`, target the ecosystem. */
  readonly coverage: readonly Coverage[];
}

/** What a source knows of git commits; a gap is a coverage row, never an error. */
interface CommitAnswer {
  /**
   * Live records that affect a commit, full, by the hash that was asked for. A hash without an entry could not be
   * asked for: its components are not matched, and a coverage row of plugin `matcher` says so.
   */
  readonly records: ReadonlyMap<string, readonly Advisory[]>;
  readonly coverage: readonly Coverage[];
}

/** Supplies records; the matcher decides. Two sources with the same records give the same report. */
export interface AdvisorySource {
  readonly id: AdvisoryData['source'];
  query(packages: readonly PackageQuery[], signal?: AbortSignal): Promise<AdvisoryAnswer>;
  /**
   * Whether a commit is affected needs the graph of its repository, which the OSV API alone knows; other sources
   * answer with an empty map. Hashes are full (40 or 64 hex digits), lower case, each once.
   */
  commits(hashes: readonly string[], signal?: AbortSignal): Promise<CommitAnswer>;
  /** Full records, prose included, of ids that hit; an id without one is left out. */
  records(ids: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, Advisory>>;
  /** What the data is, for the report and for the judgement of its age. */
  describe(): AdvisoryData;
  close(): Promise<void>;
}

/** Key of a package in {@link AdvisoryAnswer.records}. */
export function packageKey(ecosystem: string, name: string): string {
  return `${ecosystem}\0${name}`;
}

/** What {@link packageKey} was made of; no ecosystem has a NUL in its name. */
export function splitPackageKey(key: string): { readonly ecosystem: string; readonly name: string } {
  const end = key.indexOf('\0');
  return { ecosystem: key.slice(0, end), name: key.slice(end + 1) };
}

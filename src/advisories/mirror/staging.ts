// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer';
import type { Affected } from '../../model/advisory.ts';
import { ECOSYSTEMS, type Ecosystem } from '../../model/inventory.ts';
import { PlimsollError } from '../../platform/errors.ts';
import { readAdvisory, readableDate } from '../osv-record.ts';
import { packageKey } from '../source.ts';
import { compactAdvisory, type IndexKey, indexName, supportedEcosystem } from './compact.ts';
import type { OutputFile } from './output.ts';

/** A record on its way into a generation; its texts wait in the scratch file. */
export interface StagedRecord {
  readonly id: string;
  /** Milliseconds since 1970 of `modified`, -1 where it cannot be read. */
  readonly modified: number;
  readonly live: boolean;
  /** The ecosystems that its `affected` names. */
  readonly lists: EcosystemBits;
  /** Those in which it counts in this generation. */
  counts: EcosystemBits;
  readonly body: Span;
  /** One per package. */
  readonly parts: readonly IndexPart[];
}

/** A set of {@link ECOSYSTEMS}: bit n stands for the nth. */
export type EcosystemBits = number;

/** A place in the scratch file. */
export interface Span {
  readonly at: number;
  readonly length: number;
}

/** What a record adds to the index entry of one package. */
export interface IndexPart extends Span {
  readonly ecosystem: Ecosystem;
  readonly name: string;
}

/** A record that repeats long lists for thousands of packages would fill the disk. */
const PARTS_LIMIT = 64 * 1024 * 1024;

/**
 * Reads a record and puts its texts into the scratch file; `undefined` where it speaks of other ecosystems only.
 * @throws PlimsollError `parse-failed` with a reason that is the same on every version of Node
 */
export function stageRecord(bytes: Buffer, scratch: OutputFile): StagedRecord | undefined {
  const text = withoutMark(bytes);
  const advisory = readAdvisory(parseBody(text));
  const packages = affectedByPackage(advisory.affected);
  if (packages.length === 0) return undefined;
  const body = { at: scratch.append(text), length: text.length };
  const parts: IndexPart[] = [];
  let total = 0;
  for (const { ecosystem, name, affected } of packages) {
    const json = Buffer.from(compactAdvisory(advisory, affected, { ecosystem, name }), 'utf8');
    total += json.length;
    if (total > PARTS_LIMIT) throw quarantined(`an index of at most ${PARTS_LIMIT} bytes`, 'more');
    parts.push({ ecosystem, name, at: scratch.append(json), length: json.length });
  }
  const lists = bitsOf(parts.map((part) => part.ecosystem));
  const modified = readableDate(advisory.modified) ?? -1;
  return {
    id: advisory.id,
    modified,
    live: advisory.withdrawn === undefined,
    lists,
    counts: lists,
    body,
    parts,
  };
}

export function ecosystemBit(ecosystem: Ecosystem): EcosystemBits {
  return 1 << ECOSYSTEMS.indexOf(ecosystem);
}

export function ecosystemsOf(bits: EcosystemBits): Ecosystem[] {
  return ECOSYSTEMS.filter((ecosystem) => (bits & ecosystemBit(ecosystem)) !== 0);
}

export function bitsOf(ecosystems: readonly Ecosystem[]): EcosystemBits {
  return ecosystems.reduce((bits, ecosystem) => bits | ecosystemBit(ecosystem), 0);
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function parseBody(body: Buffer): unknown {
  if (!isUtf8(body)) throw quarantined('UTF-8', 'other bytes');
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // The engine's message differs between versions and quotes the input.
    throw quarantined('JSON', body.length === 0 ? 'nothing' : 'something else');
  }
}

interface AffectedPackage extends IndexKey {
  readonly affected: Affected[];
}

function affectedByPackage(affected: readonly Affected[]): AffectedPackage[] {
  const packages = new Map<string, AffectedPackage>();
  for (const entry of affected) {
    const ecosystem = supportedEcosystem(entry.package.ecosystem);
    if (ecosystem === undefined) continue;
    const name = indexName(ecosystem, entry.package.name);
    const key = packageKey(ecosystem, name);
    const known = packages.get(key);
    if (known) known.affected.push(entry);
    else packages.set(key, { ecosystem, name, affected: [entry] });
  }
  return [...packages.values()];
}

function quarantined(expected: string, got: string): PlimsollError {
  return new PlimsollError('parse-failed', `expected ${expected}, got ${got}`);
}

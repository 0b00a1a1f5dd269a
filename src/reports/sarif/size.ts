// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import type { FindingGroup } from './plan.ts';

/** Characters that are compressed at a time. */
const BLOCK = 1 << 20;
/** What an estimate is raised by, so that it is rarely too low. */
const MARGIN = 1.5;
/** Characters of a result beside its texts, and of a location. */
const FRAME = 900;
const LOCATION = 200;
const MAX_LOCATIONS = 100;

/** Bytes of a document compressed by gzip, a little more than in one piece. */
export function gzipSize(chunks: Iterable<string>): number {
  let size = 0;
  let block: string[] = [];
  let length = 0;
  for (const chunk of chunks) {
    block.push(chunk);
    length += chunk.length;
    if (length < BLOCK) continue;
    size += gzipSync(block.join('')).length;
    [block, length] = [[], 0];
  }
  return size + gzipSync(block.join('')).length;
}

export interface SizeOptions {
  /** What needs no closer look, in characters. */
  readonly enough: number;
  /** About how many results are compressed. */
  readonly sample: number;
}

/**
 * About how many bytes results take when compressed, rather too many: from the lengths of their texts and from what
 * compression makes of some of them.
 */
export function estimatedSize(
  groups: readonly FindingGroup[],
  render: (group: FindingGroup) => string,
  { enough, sample: size }: SizeOptions,
): number {
  const lengths = groups.map(lengthOf);
  const total = lengths.reduce((a, b) => a + b, 0);
  if (total <= enough) return total;
  const step = Math.max(1, Math.floor(groups.length / size));
  const sample = groups.filter((_, i) => i % step === 0);
  const sampled = lengths.filter((_, i) => i % step === 0).reduce((a, b) => a + b, 0);
  return (gzipSize(sample.map(render)) / sampled) * total * MARGIN;
}

function lengthOf(group: FindingGroup): number {
  let length = FRAME;
  for (const { finding } of group) {
    const { title, message, tip, locations } = finding;
    length += title.length + message.length + tip.length;
    length += LOCATION * Math.min(locations.length, MAX_LOCATIONS);
  }
  return length;
}

// SPDX-License-Identifier: Apache-2.0

/** The best first: of several vectors of one record, the newest version of CVSS speaks. */
export const CVSS_VERSIONS = ['4.0', '3.1', '3.0', '2.0'] as const;
export type CvssVersion = (typeof CVSS_VERSIONS)[number];

export interface CvssVector {
  readonly version: CvssVersion;
  /** The vector of the base metrics alone, in the order of the specification: all that a base score depends on. */
  readonly base: string;
}

interface Grammar {
  readonly prefix: string;
  /** Metrics of the base score: each stands exactly once. */
  readonly base: Metrics;
  /** Each at most once. */
  readonly optional: Metrics;
}
/** The values of each metric. */
type Metrics = ReadonlyMap<string, readonly string[]>;

/**
 * Reads a CVSS vector strictly: a known version, every base metric exactly once, every other metric at most once,
 * each with a value that its version defines. Anything else is `undefined`, since a calculator gives a number,
 * mostly 0, for rubbish too. The order of metrics is free.
 *
 * @see https://www.first.org/cvss/v4-0/specification-document
 * @see https://www.first.org/cvss/v3-1/specification-document
 * @see https://www.first.org/cvss/v2/guide
 */
export function parseCvssVector(text: string): CvssVector | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const version = CVSS_VERSIONS.find((candidate) => text.startsWith(GRAMMARS[candidate].prefix));
  if (version === undefined) return undefined;
  const { prefix, base, optional } = GRAMMARS[version];
  const metrics = new Map<string, string>();
  for (const part of text.slice(prefix.length).split('/')) {
    const colon = part.indexOf(':');
    const [metric, value] = [part.slice(0, colon), part.slice(colon + 1)];
    const values = base.get(metric) ?? optional.get(metric);
    if (colon < 0 || metrics.has(metric) || !values?.includes(value)) return undefined;
    metrics.set(metric, value);
  }
  const given = [...base.keys()].filter((metric) => metrics.has(metric));
  if (given.length < base.size) return undefined;
  return { version, base: prefix + given.map((metric) => `${metric}:${metrics.get(metric)}`).join('/') };
}

/** Every base vector of a version, at the place of its {@link baseNumber}. */
export function baseVectors(version: CvssVersion): string[] {
  const { prefix, base } = GRAMMARS[version];
  return [...base].reduce<string[]>(
    (vectors, [metric, values], index) =>
      vectors.flatMap((vector) =>
        values.map((value) => `${vector}${index === 0 ? '' : '/'}${metric}:${value}`),
      ),
    [prefix],
  );
}

/** The number of a base vector among all of its version. */
export function baseNumber({ version, base: text }: CvssVector): number {
  const { prefix, base } = GRAMMARS[version];
  const parts = text.slice(prefix.length).split('/');
  return [...base].reduce(
    (number, [metric, values], index) =>
      number * values.length + values.indexOf(parts[index]?.slice(metric.length + 1) ?? ''),
    0,
  );
}

/** More than the longest vector with every metric of version 4.0. */
const MAX_LENGTH = 300;

const V3_BASE = metrics('AV:N,A,L,P AC:L,H PR:N,L,H UI:N,R S:U,C C:H,L,N I:H,L,N A:H,L,N');
const V3_OPTIONAL = new Map([
  ...metrics('E:X,H,F,P,U RL:X,U,W,T,O RC:X,C,R,U CR:X,H,M,L IR:X,H,M,L AR:X,H,M,L'),
  ...modified(V3_BASE),
]);

const V4_BASE = metrics(
  'AV:N,A,L,P AC:L,H AT:N,P PR:N,L,H UI:N,P,A VC:H,L,N VI:H,L,N VA:H,L,N SC:H,L,N SI:H,L,N SA:H,L,N',
);
const V4_OPTIONAL = new Map([
  ...modified(V4_BASE),
  ...metrics('MSI:X,S,H,L,N MSA:X,S,H,L,N E:X,A,P,U CR:X,H,M,L IR:X,H,M,L AR:X,H,M,L'),
  ...metrics('S:X,N,P AU:X,N,Y R:X,A,U,I V:X,D,C RE:X,L,M,H U:X,Clear,Green,Amber,Red'),
]);

const V2_BASE = metrics('AV:L,A,N AC:H,M,L Au:M,S,N C:N,P,C I:N,P,C A:N,P,C');
const V2_OPTIONAL = metrics(
  'E:U,POC,F,H,ND RL:OF,TF,W,U,ND RC:UC,UR,C,ND CDP:N,L,LM,MH,H,ND TD:N,L,M,H,ND CR:L,M,H,ND IR:L,M,H,ND AR:L,M,H,ND',
);

const GRAMMARS = {
  '4.0': { prefix: 'CVSS:4.0/', base: V4_BASE, optional: V4_OPTIONAL },
  '3.1': { prefix: 'CVSS:3.1/', base: V3_BASE, optional: V3_OPTIONAL },
  '3.0': { prefix: 'CVSS:3.0/', base: V3_BASE, optional: V3_OPTIONAL },
  '2.0': { prefix: '', base: V2_BASE, optional: V2_OPTIONAL },
} as const satisfies Record<CvssVersion, Grammar>;

function metrics(table: string): Metrics {
  return new Map(
    table.split(' ').map((entry) => {
      const [metric = '', values = ''] = entry.split(':');
      return [metric, values.split(',')];
    }),
  );
}

/** The environmental metrics that override base metrics: `MAV` for `AV`, with `X` for "not defined". */
function modified(base: Metrics): Metrics {
  return new Map([...base].map(([metric, values]) => [`M${metric}`, ['X', ...values]]));
}

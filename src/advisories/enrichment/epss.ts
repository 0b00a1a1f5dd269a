// SPDX-License-Identifier: Apache-2.0
import { PlimsollError, parseError } from '../../platform/errors.ts';
import { cveKey } from './cve.ts';
import {
  createRejects,
  plainBytes,
  type Rejected,
  refuseMostlyRejected,
  shown,
  timestamp,
} from './source-text.ts';

/** Probability of exploitation within 30 days and its rank among all scores, both 0 to 1. */
export interface EpssScore {
  readonly score: number;
  readonly percentile: number;
}

/** A day's scores as FIRST publishes them. */
export interface EpssFile {
  /** `score_date`, `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly date: string;
  /** `model_version`; scores of two models cannot be compared. */
  readonly version?: string;
  /** By `cveKey`. */
  readonly scores: ReadonlyMap<number, EpssScore>;
  readonly rejected: Rejected;
}

const HEADER = 'cve,epss,percentile';
/** No value is longer; an exponent stands where a script wrote one: `9e-05`. */
const PROBABILITY = /^[01](?:\.\d{1,20})?$|^\d(?:\.\d{1,20})?[eE]-\d{1,2}$/;
/** Six times what there is in 2026. */
const SCORE_LIMIT = 2_000_000;

/**
 * Reads `epss_scores-YYYY-MM-DD.csv`, plain or gzip. A line that is no score, or that repeats a CVE, is left out and
 * counted; of two scores for one CVE the higher one stays.
 *
 * @throws PlimsollError `parse-failed` for a file without the two lines at its start, without scores, or of which
 *   more than a tenth cannot be read; `file-too-large`, `limit-exceeded`
 * @see https://www.first.org/epss/data_stats
 */
export function parseEpss(file: string, bytes: Uint8Array): EpssFile {
  const lines = linesOf(plainBytes(file, bytes).toString('latin1'));
  const head = parseHead(file, lines.next().value ?? '', lines.next().value ?? '');
  const scores = new Map<number, EpssScore>();
  const rejected = createRejects();
  let number = 2;
  for (const line of lines) {
    number += 1;
    const problem = addScore(scores, line);
    if (problem !== undefined) rejected.add(`${number}: ${problem}`);
    if (scores.size > SCORE_LIMIT) {
      throw new PlimsollError('limit-exceeded', `${file}: expected at most ${SCORE_LIMIT} scores, got more`, {
        file,
      });
    }
  }
  refuseMostlyRejected(file, rejected, scores.size, 'EPSS scores');
  return { ...head, scores, rejected };
}

function parseHead(file: string, first: string, second: string): Pick<EpssFile, 'date' | 'version'> {
  const fields = new Map(
    first.startsWith('#') ? first.slice(1).split(',').map(splitField) : ([] as [string, string][]),
  );
  const date = timestamp(fields.get('score_date') ?? '');
  if (date === undefined) {
    throw parseError(file, 1, `expected #model_version:VERSION,score_date:DATE, got ${shown(first)}`);
  }
  if (second !== HEADER) throw parseError(file, 2, `expected ${HEADER}, got ${shown(second)}`);
  const version = fields.get('model_version');
  return { date, ...(version !== undefined && /^[\w.-]{1,40}$/.test(version) ? { version } : {}) };
}

function splitField(text: string): [string, string] {
  const colon = text.indexOf(':');
  return colon === -1 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
}

/** Adds the score of a line; gives back what is wrong with it. */
function addScore(scores: Map<number, EpssScore>, line: string): string | undefined {
  const [id = '', score = '', percentile = '', ...more] = line.split(',', 4);
  const key = cveKey(id);
  const parsed = { score: probability(score), percentile: probability(percentile) };
  if (key === undefined || parsed.score === undefined || parsed.percentile === undefined || more.length > 0) {
    return `expected a CVE id and two numbers from 0 to 1, got ${shown(line)}`;
  }
  const known = scores.get(key);
  if (known === undefined || known.score < parsed.score) scores.set(key, parsed as EpssScore);
  return known === undefined ? undefined : `expected each CVE once, got ${id} again`;
}

/** In millionths, which is more than the five places that are published. */
function probability(text: string): number | undefined {
  if (!PROBABILITY.test(text)) return undefined;
  const value = Number(text);
  return value <= 1 ? Math.round(value * 1e6) / 1e6 : undefined;
}

function* linesOf(text: string): Generator<string, undefined> {
  for (let at = 0; at < text.length; ) {
    const feed = text.indexOf('\n', at);
    const end = feed === -1 ? text.length : feed;
    yield text.charCodeAt(end - 1) === 13 && end > at ? text.slice(at, end - 1) : text.slice(at, end);
    at = end + 1;
  }
}

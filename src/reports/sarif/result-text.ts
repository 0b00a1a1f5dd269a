// SPDX-License-Identifier: Apache-2.0
import type { Region, Result } from 'sarif';
import { rememberLast } from '../../model/remember-last.ts';

/**
 * Writes results as `JSON.stringify` does, for those that `resultMaker` makes, one after another. Most differ from the
 * one before in message, place and fingerprint alone: what they have in common is the same value, and its text is kept.
 */
export function resultWriter(): (result: Result) => string {
  const [artifact, properties, headOf] = [rememberLast(textOf), rememberLast(textOf), headWriter()];
  return (result) => {
    const { ruleIndex, message, locations, partialFingerprints } = result;
    const physical = locations?.length === 1 ? locations[0]?.physicalLocation : undefined;
    if (physical?.region === undefined || ruleIndex === undefined || hasMore(result))
      return JSON.stringify(result);
    const place = `${artifact(physical.artifactLocation)},"region":${regionText(physical.region)}`;
    const prints = fingerprintText(partialFingerprints);
    return `${headOf(result)}${quoted(message.text)}},"locations":[{"physicalLocation":{"artifactLocation":${place}}}],"partialFingerprints":${prints},"properties":${properties(result.properties)}}`;
  };
}

/** All before the text of the message: the same for a rule and a level. */
function headWriter(): (result: Result) => string {
  let last: Result | undefined;
  let text = '';
  return (result) => {
    const { ruleId, ruleIndex, level } = result;
    const isSame = ruleId === last?.ruleId && ruleIndex === last?.ruleIndex && level === last?.level;
    if (isSame) return text;
    last = result;
    // An object without its end.
    text = JSON.stringify({ ruleId, ruleIndex, level, message: { text: '' } }).slice(0, -'""}}'.length);
    return text;
  };
}

/** What few results have. */
function hasMore({ relatedLocations, baselineState, suppressions }: Result): boolean {
  return relatedLocations !== undefined || baselineState !== undefined || suppressions !== undefined;
}

function regionText({ startLine, endLine, startColumn, endColumn }: Region): string {
  const from = startColumn === undefined ? '' : `,"startColumn":${startColumn}`;
  const to = endColumn === undefined ? '' : `,"endColumn":${endColumn}`;
  return `{"startLine":${startLine},"endLine":${endLine}${from}${to}}`;
}

function fingerprintText(fingerprints: Result['partialFingerprints'] = {}): string {
  const { primaryLocationLineHash, 'plimsoll/v1': own } = fingerprints;
  return `{"primaryLocationLineHash":${quoted(primaryLocationLineHash)},"plimsoll/v1":${quoted(own)}}`;
}

/** Most texts need no escapes, and it is faster to see that. */
function quoted(text: string | undefined): string {
  return text !== undefined && /^[ !#-[\]-~]*$/.test(text) ? `"${text}"` : JSON.stringify(text);
}

function textOf(value: unknown): string {
  return JSON.stringify(value);
}

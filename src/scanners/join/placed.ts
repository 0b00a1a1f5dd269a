// SPDX-License-Identifier: Apache-2.0
import type { Location } from '../../model/location.ts';
import type { ToolHit, ToolPlace, ToolReport, ToolRule } from '../../model/tool-report.ts';
import type { ScannedTree, SourceText, TreePlace } from './tree.ts';

/** Hits with a place: all but those of packages. */
export type PlaceableHit = Exclude<ToolHit, { readonly kind: 'vulnerability' }>;

/** A hit at its place in the tree. */
export interface PlacedHit<Hit extends PlaceableHit = PlaceableHit> {
  readonly report: ToolReport;
  readonly rule: ToolRule;
  readonly hit: Hit;
  readonly location: Location;
  /** Of the file, where it can be read. */
  readonly source?: SourceText;
}

/**
 * The hits of a report at their places, in their order.
 * @throws TypeError a hit whose rule the report lacks: a fault of the reader of that tool
 */
export async function placeHits(report: ToolReport, tree: ScannedTree): Promise<PlacedHit[]> {
  const rules = new Map(report.rules.map((rule) => [rule.id, rule]));
  const hits = report.hits.filter((hit) => hit.kind !== 'vulnerability');
  const places = await tree.places(hits.map(({ place }) => place.path));
  const placed: PlacedHit[] = [];
  const sources = new Map<string, SourceText | undefined>();
  for (const hit of hits) {
    const rule = rules.get(hit.ruleId);
    const place = places.get(hit.place.path);
    if (rule === undefined || place === undefined)
      throw new TypeError(`${report.tool}: a hit without its rule ${hit.ruleId}`);
    const isHistory = hit.kind === 'secret' && hit.commit !== undefined;
    const isInTree = place.outside !== true && !isHistory;
    // Not waited for again: hits are many, files are few.
    if (isInTree && !sources.has(place.uri)) sources.set(place.uri, await tree.source(place.uri));
    const source = isInTree ? sources.get(place.uri) : undefined;
    const location = locationOf(place, hit.place, source);
    placed.push(
      source === undefined ? { report, rule, hit, location } : { report, rule, hit, location, source },
    );
  }
  return placed;
}

/** Lines and columns that the file has; where it is not at hand, those of the report. */
function locationOf({ uri, outside }: TreePlace, place: ToolPlace, source: SourceText | undefined): Location {
  const { startLine, startColumn } = place;
  const base = { uri, ...(outside === undefined ? {} : { outside }) };
  const lines = source?.lines.length ?? Number.MAX_SAFE_INTEGER;
  if (startLine === undefined || startLine > lines) return base;
  const endLine = Math.max(startLine, Math.min(place.endLine ?? startLine, lines));
  const width = (line: number) => source?.lines[line - 1]?.length ?? Number.MAX_SAFE_INTEGER;
  const region = { ...base, startLine, endLine };
  if (startColumn === undefined || startColumn > width(startLine) + 1) return region;
  const end = Math.min(place.endColumn ?? 0, width(endLine) + 1);
  const isAfter = end > (endLine === startLine ? startColumn : 0);
  return { ...region, startColumn, ...(isAfter ? { endColumn: end } : {}) };
}

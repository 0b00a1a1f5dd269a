// SPDX-License-Identifier: Apache-2.0
import type { Location } from '../../model/location.ts';
import type { ToolHit, ToolPlace, ToolReport, ToolRule } from '../../model/tool-report.ts';
import { placesOf, type ScannedTree, type SourceText, type TreePlace } from './tree.ts';

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
  const paths = hits.map(({ place }) => place.path);
  const places = await placesOf(report, paths, tree);
  const shown = new Set<string>();
  for (const hit of hits) if (!isHistory(hit)) shown.add(hit.place.path);
  const inTree = [...shown].flatMap((path) => uriInTree(places.get(path)) ?? []);
  const sources = await tree.sources(inTree);
  const sourceOf = new Map([...shown].map((path) => [path, sources.get(uriInTree(places.get(path)) ?? '')]));
  return hits.map((hit): PlacedHit => {
    const rule = rules.get(hit.ruleId);
    const place = places.get(hit.place.path);
    if (rule === undefined || place === undefined)
      throw new TypeError(`${report.tool}: a hit without its rule ${hit.ruleId}`);
    const source = isHistory(hit) ? undefined : sourceOf.get(hit.place.path);
    const location = locationOf(place, hit.place, source);
    return source === undefined ? { report, rule, hit, location } : { report, rule, hit, location, source };
  });
}

/** No file of the tree shows it as it is. */
function isHistory(hit: PlaceableHit): boolean {
  return hit.kind === 'secret' && hit.commit !== undefined;
}

function uriInTree(place: TreePlace | undefined): string | undefined {
  return place?.outside === true ? undefined : place?.uri;
}

/** Lines and columns that the file has; where it is not at hand, those of the report. */
function locationOf(tree: TreePlace, place: ToolPlace, source: SourceText | undefined): Location {
  const { startLine, startColumn } = place;
  const lines = source?.lines.length ?? Number.MAX_SAFE_INTEGER;
  if (startLine === undefined || startLine > lines) return placed(tree, {});
  const endLine = Math.max(startLine, Math.min(place.endLine ?? startLine, lines));
  if (startColumn === undefined || startColumn > widthOf(source, startLine) + 1)
    return placed(tree, { startLine, endLine });
  const endColumn = Math.min(place.endColumn ?? 0, widthOf(source, endLine) + 1);
  const isAfter = endColumn > (endLine === startLine ? startColumn : 0);
  if (!isAfter) return placed(tree, { startLine, endLine, startColumn });
  // Written out: of most hits, and an object that is put together takes twice the memory.
  if (tree.outside === undefined) return { uri: tree.uri, startLine, endLine, startColumn, endColumn };
  return placed(tree, { startLine, endLine, startColumn, endColumn });
}

function placed({ uri, outside }: TreePlace, region: Omit<Location, 'uri' | 'outside'>): Location {
  return { uri, ...(outside === undefined ? {} : { outside }), ...region };
}

/** Characters of a line; no limit where the file is not at hand. */
function widthOf(source: SourceText | undefined, line: number): number {
  return source?.lines[line - 1]?.length ?? Number.MAX_SAFE_INTEGER;
}

// SPDX-License-Identifier: Apache-2.0
import type { ToolPlace } from '../model/tool-report.ts';
import { fieldOf, isRecord, positionOf } from './fields.ts';
import type { SarifResult, SarifRun } from './sarif.ts';

/** Bases that stand in one another. */
const MAX_BASES = 10;

/** The first location of a result; an empty path where it has none. `known` keeps the paths of the run. */
export function placeOf({ locations }: SarifResult, run: SarifRun, known: Map<string, string>): ToolPlace {
  const physical = fieldOf((locations ?? [])[0], 'physicalLocation');
  const artifact = artifactOf(fieldOf(physical, 'artifactLocation'), run);
  const path = knownPath(artifact, run, known);
  const region = fieldOf(physical, 'region');
  const at = (key: string) => positionOf(fieldOf(region, key));
  const [startLine, endLine, startColumn, endColumn] = [
    at('startLine'),
    at('endLine'),
    at('startColumn'),
    at('endColumn'),
  ];
  if (startLine === undefined) return { path };
  return {
    path,
    startLine,
    ...(endLine === undefined ? {} : { endLine }),
    ...(startColumn === undefined ? {} : { startColumn }),
    ...(endColumn === undefined ? {} : { endColumn }),
  };
}

/** The location itself, or the one of the run's list that it points at. */
function artifactOf(location: unknown, run: SarifRun): unknown {
  const index = fieldOf(location, 'index');
  if (typeof fieldOf(location, 'uri') === 'string' || typeof index !== 'number') return location;
  const artifacts = run.artifacts;
  return Array.isArray(artifacts) ? fieldOf(artifacts[index], 'location') : undefined;
}

/** Results are many and files are few: each address is read once. */
function knownPath(artifact: unknown, run: SarifRun, known: Map<string, string>): string {
  const base = String(fieldOf(artifact, 'uriBaseId'));
  const key = `${base.length} ${base} ${fieldOf(artifact, 'uri')}`;
  const path = known.get(key) ?? pathOf(artifact, run);
  known.set(key, path);
  return path;
}

function pathOf(artifact: unknown, run: SarifRun): string {
  const uri = fieldOf(artifact, 'uri');
  if (typeof uri !== 'string') return '';
  const base = baseOf(fieldOf(artifact, 'uriBaseId'), run);
  const isRelative = !/^[a-z][a-z0-9+.-]*:|^\//i.test(uri);
  return decoded(isRelative ? base + uri : uri);
}

/** The address behind a base, with those that it stands in; nothing where it is not told, as `%SRCROOT%` is mostly not. */
function baseOf(id: unknown, { originalUriBaseIds: bases }: SarifRun): string {
  let [at, address] = [id, ''];
  for (let i = 0; i < MAX_BASES && typeof at === 'string'; i += 1) {
    const base = fieldOf(bases, at);
    const uri = fieldOf(base, 'uri');
    if (typeof uri === 'string') address = (uri.endsWith('/') ? uri : `${uri}/`) + address;
    if (!isRecord(base)) return address;
    at = base.uriBaseId;
  }
  return address;
}

function decoded(uri: string): string {
  const path = uri.startsWith('file://') ? uri.slice('file://'.length).replace(/^\/(?=[A-Za-z]:)/, '') : uri;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

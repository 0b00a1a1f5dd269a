// SPDX-License-Identifier: Apache-2.0
import type { ToolPlace } from '../model/tool-report.ts';
import { fieldOf, isRecord, positionOf } from './fields.ts';
import type { SarifResult, SarifRun } from './sarif.ts';

/** Bases that stand in one another. */
const MAX_BASES = 10;

/** Reads the first location of a result of a run; an empty path where it has none. */
export function placeReader(run: SarifRun): (result: SarifResult) => ToolPlace {
  const pathOf = pathReader(run);
  return ({ locations }) => {
    const physical = fieldOf(locations?.[0], 'physicalLocation');
    const path = pathOf(artifactOf(fieldOf(physical, 'artifactLocation'), run));
    const region = fieldOf(physical, 'region');
    const startLine = positionOf(fieldOf(region, 'startLine'));
    if (startLine === undefined) return { path };
    const endLine = positionOf(fieldOf(region, 'endLine'));
    const startColumn = positionOf(fieldOf(region, 'startColumn'));
    const endColumn = positionOf(fieldOf(region, 'endColumn'));
    // Written out: of most results, and an object that is put together takes several times as long.
    if (endLine !== undefined && startColumn !== undefined && endColumn !== undefined)
      return { path, startLine, endLine, startColumn, endColumn };
    return {
      path,
      startLine,
      ...(endLine === undefined ? {} : { endLine }),
      ...(startColumn === undefined ? {} : { startColumn }),
      ...(endColumn === undefined ? {} : { endColumn }),
    };
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
function pathReader(run: SarifRun): (artifact: unknown) => string {
  const byBase = new Map<unknown, Map<unknown, string>>();
  return (artifact) => {
    const base = fieldOf(artifact, 'uriBaseId');
    const uri = fieldOf(artifact, 'uri');
    const paths = byBase.get(base);
    const known = paths?.get(uri);
    if (known !== undefined) return known;
    const path = pathOf(uri, base, run);
    if (paths === undefined) byBase.set(base, new Map([[uri, path]]));
    else paths.set(uri, path);
    return path;
  };
}

function pathOf(uri: unknown, base: unknown, run: SarifRun): string {
  if (typeof uri !== 'string') return '';
  const isRelative = !/^[a-z][a-z0-9+.-]*:|^\//i.test(uri);
  return decoded(isRelative ? baseOf(base, run) + uri : uri);
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

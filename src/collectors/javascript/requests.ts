// SPDX-License-Identifier: Apache-2.0
import type { Scope } from '../../model/inventory.ts';
import { isObject, type JsonObject, type Requests } from './lock-node.ts';

/** How one package asks for another, in npm's words; `requires` is format 1, which does not say. */
export type RequestType = 'prod' | 'dev' | 'optional' | 'peer' | 'peerOptional' | 'workspace' | 'requires';

export interface Request {
  readonly name: string;
  readonly type: RequestType;
  /** As written; a string unless the file is damaged. */
  readonly spec: unknown;
}

/**
 * Every request, in npm's order: where a name stands twice, the last one holds. `dev`: development dependencies
 * count, as they do for what is not itself installed as a dependency.
 */
export function declaredRequests(from: Requests, dev = true): Request[] {
  const requests: Request[] = [];
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = from;
  for (const name in peerDependencies) {
    const meta = peerDependenciesMeta?.[name];
    const type = isObject(meta) && meta.optional === true ? 'peerOptional' : 'peer';
    requests.push({ name, type, spec: peerDependencies[name] });
  }
  for (const name in dependencies) {
    // npm writes an optional dependency into both tables.
    if (optionalDependencies !== undefined && Object.hasOwn(optionalDependencies, name)) continue;
    requests.push({ name, type: 'prod', spec: dependencies[name] });
  }
  addRequests(requests, optionalDependencies, 'optional');
  if (dev) addRequests(requests, from.devDependencies, 'dev');
  addRequests(requests, from.requires, 'requires');
  return requests;
}

/** What `JSON.parse` made has no inherited names, so that `for in` gives its own, without a list of them. */
function addRequests(requests: Request[], table: JsonObject | undefined, type: RequestType): void {
  for (const name in table) requests.push({ name, type, spec: table[name] });
}

/** One request for each name. `workspaces`: names of members, which go before all else. */
export function effectiveRequests(
  from: Requests,
  options: { readonly dev: boolean; readonly workspaces: readonly string[] },
): readonly Request[] {
  const all = declaredRequests(from, options.dev);
  for (const name of options.workspaces) all.push(workspaceRequest(name));
  if (all.length < 2 || all[0]?.type === all.at(-1)?.type) return all;
  const byName = new Map(all.map((request) => [request.name, request]));
  return byName.size === all.length ? all : [...byName.values()];
}

export type VisitRequest = (name: string, type: RequestType, spec: unknown) => void;

/** Calls `visit` for each of the {@link effectiveRequests}, without a list where there is but one table. */
export function visitRequests(
  from: Requests,
  options: { readonly dev: boolean; readonly workspaces: readonly string[] },
  visit: VisitRequest,
): void {
  if (isPlain(from) && options.workspaces.length === 0) {
    for (const name in from.dependencies) visit(name, 'prod', from.dependencies[name]);
    return;
  }
  for (const { name, type, spec } of effectiveRequests(from, options)) visit(name, type, spec);
}

export function asksNothing(from: Requests): boolean {
  return from.dependencies === undefined && isPlain(from);
}

/** Nearly all packages. */
function isPlain({ devDependencies, optionalDependencies, peerDependencies, requires }: Requests): boolean {
  return !(devDependencies || optionalDependencies || peerDependencies || requires);
}

export function workspaceRequest(name: string): Request {
  return { name, type: 'workspace', spec: undefined };
}

/** Whether npm calls a lock broken that does not meet the request; peers are often left out on purpose. */
export function mustBeMet(type: RequestType): boolean {
  return type === 'prod' || type === 'dev' || type === 'requires';
}

/** The scope word of an edge. */
export function scopeOf(type: RequestType): Scope {
  switch (type) {
    case 'dev':
    case 'optional':
    case 'peer':
      return type;
    case 'peerOptional':
      return 'peer';
    default:
      return 'runtime';
  }
}

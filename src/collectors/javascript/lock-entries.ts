// SPDX-License-Identifier: Apache-2.0
import type { Artifact, ComponentFlags, ComponentLocation, Scope } from '../../model/inventory.ts';
import type { LicenseClaim } from '../../model/license.ts';
import type { Location } from '../../model/location.ts';
import { packagePurl } from '../../model/purl.ts';
import type { Entry } from '../fold.ts';
import { readIntegrity } from './integrity.ts';
import type { LockEdge, LockGraph } from './lock-graph.ts';
import type { DepFlags, LockNode } from './lock-node.ts';
import { folderName, joinPath } from './npm-path.ts';
import { type NpmSource, readSource, versionOfTarball, withoutCredentials } from './npm-source.ts';
import { scopeOf } from './requests.ts';

export interface EntryContext {
  /** Path of the lock. */
  readonly file: string;
  /** Folder of the lock, `''` at the scan root. */
  readonly folder: string;
  /** Name and version of what is the project's own, by path; the lock need not have them. */
  readonly own: ReadonlyMap<string, { readonly name: string; readonly version: string | undefined }>;
  readonly rootLocation: Location;
}

type Unplaced = { -readonly [Field in keyof Entry['component']]: Entry['component'][Field] };

/** The entries of a lock for `foldEntries`: one for each install path, links and damaged entries left out. */
export function toEntries(graph: LockGraph, context: EntryContext): Entry[] {
  const direct = new Set<LockNode>();
  for (const [from, edges] of graph.edges) {
    if (isOwn(from)) for (const edge of edges) direct.add(edge.to);
  }
  const entries: Entry[] = [];
  for (const node of graph.nodes) {
    if (node.link !== undefined || node.damaged) continue;
    const flags = graph.flagsOf(node);
    const location: ComponentLocation = {
      uri: context.file,
      ...(node.line === undefined ? {} : { startLine: node.line }),
    };
    const component: Unplaced = {
      name: nameOf(node, context),
      origin: 'unknown',
      pinning: 'resolved',
      scopes: scopesOf(flags),
      direct: direct.has(node),
      artifacts: [],
      licenses: licensesOf(node, location),
      flags: componentFlags(node, flags, graph.isBundled(node)),
      locations: [location],
    };
    const identity = isOwn(node)
      ? describeOwn(component, node, context)
      : describeInstalled(component, node, context);
    entries.push({ key: node.path, identity, component, dependsOn: dependsOn(graph.edges.get(node)) });
  }
  return entries;
}

/** The root, a workspace member or another folder that a link points to: what no registry has. */
export function isOwn(node: LockNode): boolean {
  return node.alias === undefined;
}

function nameOf(node: LockNode, context: EntryContext): string {
  if (node.alias === undefined) return context.own.get(node.path)?.name ?? folderName(node.path);
  return node.name ?? node.alias;
}

function dependsOn(edges: readonly LockEdge[] = []): Entry['dependsOn'] {
  const out: { key: string; kind: Scope }[] = [];
  for (const { to, type } of edges) if (!to.damaged) out.push({ key: to.path, kind: scopeOf(type) });
  return out;
}

/** Fills in what is known of the project's own; returns the identity. */
function describeOwn(component: Unplaced, node: LockNode, context: EntryContext): string {
  const version = context.own.get(node.path)?.version;
  if (version !== undefined) component.version = version;
  component.origin = 'workspace';
  component.source = { path: joinPath(context.folder, node.path) || '.' };
  if (node.path !== '') return pathIdentity(node.path);
  component.locations = [context.rootLocation];
  return '.';
}

/** Fills in where an installed package comes from; returns the identity. */
function describeInstalled(component: Unplaced, node: LockNode, context: EntryContext): string {
  const source = sourceOf(node);
  const version = versionOf(node, component.name, source);
  if (version !== undefined) component.version = version;
  component.artifacts = artifactsOf(node, source);
  const { identity, isExact } = describeSource(component, node, source, context.folder);
  if (!isExact) {
    component.pinning = 'unresolved';
    component.requirement = withoutCredentials(node.resolved ?? node.version ?? '*');
  }
  if (component.name !== node.alias && source.kind === 'registry') {
    const requirement = `${node.alias}@npm:${component.name}@${version ?? '*'}`;
    component.locations = component.locations.map((location) => ({ ...location, requirement }));
  }
  return identity;
}

/** A version as registries have it, not a range or a tag. */
const PLAIN_VERSION = /^v?\d[\w.+-]*$/;

function sourceOf(node: LockNode): NpmSource {
  if (node.resolved !== undefined) return readSource(node.resolved);
  // `omit-lockfile-registry-resolved`, and what is bundled, have no `resolved`.
  return PLAIN_VERSION.test(node.version ?? '') ? { kind: 'registry' } : { kind: 'unknown' };
}

function versionOf(node: LockNode, name: string, source: NpmSource): string | undefined {
  if (PLAIN_VERSION.test(node.version ?? '')) return node.version;
  return source.kind === 'registry' && source.url !== undefined
    ? versionOfTarball(source.url, name)
    : undefined;
}

/** Fills in origin, source and purl. `isExact`: the lock says what gets installed. */
function describeSource(
  component: Unplaced,
  node: LockNode,
  source: NpmSource,
  folder: string,
): { readonly identity: string; readonly isExact: boolean } {
  const { name, version } = component;
  component.origin = source.kind;
  switch (source.kind) {
    case 'registry':
      component.ecosystem = 'npm';
      component.purl = packagePurl('npm', name, version);
      if (source.registry !== undefined) component.source = { registry: source.registry };
      return { identity: component.purl, isExact: version !== undefined };
    case 'git': {
      const { url, commit } = source;
      component.source = commit === undefined ? { url } : { url, commit };
      component.purl = packagePurl('npm', name, version, {
        vcs_url: commit === undefined ? url : `${url}@${commit}`,
      });
      return { identity: component.purl, isExact: commit !== undefined };
    }
    case 'url':
      component.source = { url: source.url };
      component.purl = packagePurl('npm', name, version, { download_url: source.url });
      return { identity: component.purl, isExact: true };
    case 'path':
      if (source.path === undefined) return { identity: pathIdentity(node.path), isExact: true };
      component.source = { path: joinPath(folder, source.path) || '.' };
      return { identity: pathIdentity(source.path), isExact: true };
    case 'unknown':
      return { identity: pathIdentity(node.path), isExact: false };
  }
}

/** A path of the scanned tree must not pass for a purl, nor for the root. */
function pathIdentity(path: string): string {
  return path === '' || path === '.' || path.startsWith('pkg:') ? `./${path}` : path;
}

function artifactsOf(node: LockNode, source: NpmSource): Artifact[] {
  const hashes = readIntegrity(node.integrity);
  const url = source.kind === 'registry' || source.kind === 'url' ? source.url : undefined;
  if (url === undefined) return hashes.length === 0 ? [] : [{ hashes }];
  return [{ filename: url.slice(url.lastIndexOf('/') + 1), url, hashes }];
}

function licensesOf(node: LockNode, location: Location): LicenseClaim[] {
  if (node.license === undefined) return [];
  return [
    { raw: node.license, acknowledgement: 'declared', source: 'package-lock', confidence: 'high', location },
  ];
}

/** `--omit dev` removes what is `dev`, also where it is `optional` or `peer` besides. */
function scopesOf(flags: DepFlags): Scope[] {
  if (flags.extraneous) return ['unknown'];
  if (flags.dev) return ['dev'];
  if (flags.devOptional) return ['dev', 'optional'];
  if (flags.optional) return ['optional'];
  return flags.peer ? ['peer'] : ['runtime'];
}

function componentFlags(node: LockNode, { devOptional }: DepFlags, bundled: boolean): ComponentFlags {
  const { installScript, deprecated } = node;
  if (!(bundled || devOptional || installScript || deprecated)) return NO_COMPONENT_FLAGS;
  return {
    ...(bundled ? { bundled } : {}),
    ...(devOptional ? { devOptional } : {}),
    ...(installScript ? { installScript } : {}),
    ...(deprecated ? { deprecated } : {}),
  };
}

/** Most packages have none: one object for all of them. */
const NO_COMPONENT_FLAGS: ComponentFlags = {};

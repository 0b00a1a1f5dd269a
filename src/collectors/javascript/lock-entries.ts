// SPDX-License-Identifier: Apache-2.0
import type { Artifact, Component, ComponentFlags, ComponentSource, Scope } from '../../model/inventory.ts';
import type { LicenseClaim } from '../../model/license.ts';
import type { Location } from '../../model/location.ts';
import { packagePurl } from '../../model/purl.ts';
import { rememberLast } from '../../model/remember-last.ts';
import type { Entry } from '../fold.ts';
import { withoutCredentials } from '../urls.ts';
import { readIntegrity } from './integrity.ts';
import type { LockGraph } from './lock-graph.ts';
import type { DepFlags, LockNode } from './lock-node.ts';
import { folderName, joinPath } from './npm-path.ts';
import { type NpmSource, PLAIN_VERSION, sourceReader, versionOfTarball } from './npm-source.ts';

export interface EntryContext {
  /** Path of the lock. */
  readonly file: string;
  /** Folder of the lock, `''` at the scan root. */
  readonly folder: string;
  /** Name and version of all that is the project's own, by path; the lock need not have them. */
  readonly own: ReadonlyMap<string, { readonly name: string; readonly version: string | undefined }>;
  readonly rootLocation: Location;
  /** Called for each package that is not the project's own, with what the entry says it is. */
  readonly onInstalled?: (node: LockNode, identified: Identified) => void;
}

/** The entries of a lock for `foldEntries`: one for each install path, links and damaged entries left out. */
export function toEntries(graph: LockGraph, context: EntryContext): Entry[] {
  const direct = new Set<LockNode>();
  for (const path of context.own.keys()) {
    const node = graph.nodes.get(path);
    if (node !== undefined) for (const edge of graph.edgesOf(node)) direct.add(edge.to);
  }
  const entries: Entry[] = [];
  const read: Readers = { source: sourceReader(), place: rememberLast((registry) => ({ registry })) };
  for (const node of graph.nodes.values()) {
    if (node.link !== undefined || node.damaged) continue;
    const flags = graph.flagsOf(node);
    const location =
      node.line === undefined ? { uri: context.file } : { uri: context.file, startLine: node.line };
    const common: Common = {
      scopes: scopesOf(flags),
      direct: direct.has(node),
      licenses: licensesOf(node, location),
      flags: componentFlags(node, flags, graph.isBundled(node)),
      locations: [location],
    };
    const { identity, component } = isOwn(node)
      ? describeOwn(node, common, context)
      : describeInstalled(node, common, context, read);
    entries.push({ key: node.path, identity, component, dependsOn: graph.edgesOf(node) });
  }
  return entries;
}

/** What remembers the entries before, since most of a lock are of one registry. */
interface Readers {
  readonly source: ReturnType<typeof sourceReader>;
  /** One object for all packages of one registry. */
  readonly place: (registry: string) => ComponentSource;
}

type Described = Pick<Entry, 'identity' | 'component'>;
type Common = Pick<Entry['component'], 'scopes' | 'direct' | 'licenses' | 'flags' | 'locations'>;

/**
 * The root, a workspace member or another folder that a link points to: what nobody downloads. An entry outside of
 * `node_modules` that has a download is a package all the same, or a lock could hide it there.
 */
export function isOwn({ path, alias, resolved }: LockNode): boolean {
  return path === '' || (alias === undefined && resolved === undefined);
}

function describeOwn(node: LockNode, common: Common, context: EntryContext): Described {
  const { name, version } = context.own.get(node.path) ?? { name: folderName(node.path), version: undefined };
  const isRoot = node.path === '';
  return {
    identity: isRoot ? '.' : pathIdentity(node.path),
    component: {
      name,
      ...(version === undefined ? {} : { version }),
      origin: 'workspace',
      source: { path: joinPath(context.folder, node.path) || '.' },
      pinning: 'resolved',
      artifacts: [],
      ...common,
      ...(isRoot ? { locations: [context.rootLocation] } : {}),
    },
  };
}

function describeInstalled(node: LockNode, common: Common, context: EntryContext, read: Readers): Described {
  const alias = node.alias ?? folderName(node.path);
  const identified = identify(node, node.name ?? alias, read);
  const { name, source, version } = identified;
  context.onInstalled?.(node, identified);
  if (source.kind === 'registry' && version !== undefined) {
    return describeRelease(
      node,
      { name, version, source },
      name === alias ? common : withAlias(common, `${alias}@npm:${name}@${version}`),
      context.file,
      read,
    );
  }
  const { identity, isExact, ...fields } = describeSource(node, { name, version, source }, context.folder);
  return {
    identity,
    component: {
      ...fields,
      name,
      ...(version === undefined ? {} : { version }),
      ...(isExact ? {} : { requirement: withoutCredentials(node.resolved ?? node.version ?? '*') }),
      pinning: isExact ? 'resolved' : 'unresolved',
      artifacts: artifactsOf(node, source),
      ...common,
    },
  };
}

/** Says under which name the package is installed, as one writes it in package.json. */
function withAlias(common: Common, requirement: string): Common {
  return { ...common, locations: common.locations.map((location) => ({ ...location, requirement })) };
}

/** Name, version and origin, as an entry gives them. */
export type Identified = Located<NpmSource>;

/** What the entry says it is; an alias goes by its real name. */
function identify(node: LockNode, name: string, read: Readers): Identified {
  const { resolved, version } = node;
  const source =
    resolved === undefined ? unresolvedSource(version) : read.source(resolved, { name, version });
  return { name, source, version: versionOf(node, name, source) };
}

interface Located<Source extends NpmSource, Version = string | undefined> {
  readonly name: string;
  readonly version: Version;
  readonly source: Source;
}

/** Nearly all entries; spelled out and placed, since spreads cost more than all the rest. */
function describeRelease(
  node: LockNode,
  { name, version, source }: Located<NpmSource & { kind: 'registry' }, string>,
  common: Common,
  file: string,
  read: Readers,
): Described {
  const purl = packagePurl('npm', name, version);
  const { registry } = source;
  // With its source at once: a key that is added later costs each component a list of its own.
  const component = {
    ref: `${file}#${purl}`,
    project: file,
    purl,
    name,
    version,
    ecosystem: 'npm',
    origin: 'registry',
    pinning: 'resolved',
    scopes: common.scopes,
    direct: common.direct,
    artifacts: artifactsOf(node, source),
    licenses: common.licenses,
    flags: common.flags,
    locations: common.locations,
    source: registry === undefined ? NOWHERE : read.place(registry),
  } as const satisfies Component;
  if (registry !== undefined) return { identity: purl, component };
  const { source: _, ...withoutSource } = component;
  return { identity: purl, component: withoutSource };
}

const NOWHERE: ComponentSource = {};

/** `omit-lockfile-registry-resolved`, and what is bundled, have no `resolved`. */
function unresolvedSource(version = ''): NpmSource {
  return PLAIN_VERSION.test(version) ? { kind: 'registry' } : { kind: 'unknown' };
}

function versionOf({ version }: LockNode, name: string, source: NpmSource): string | undefined {
  if (source.kind === 'registry' && source.isUsual) return version;
  if (PLAIN_VERSION.test(version ?? '')) return version;
  return source.kind === 'registry' && source.url !== undefined
    ? versionOfTarball(source.url, name)
    : undefined;
}

interface DescribedSource extends Pick<Component, 'purl' | 'ecosystem' | 'origin' | 'source'> {
  readonly identity: string;
  /** Whether the lock says what gets installed. */
  readonly isExact: boolean;
}

function describeSource(
  node: LockNode,
  { name, version, source }: Located<NpmSource>,
  folder: string,
): DescribedSource {
  switch (source.kind) {
    case 'registry': {
      const purl = packagePurl('npm', name, version);
      return { identity: purl, isExact: version !== undefined, purl, ecosystem: 'npm', origin: 'registry' };
    }
    case 'git': {
      const { url, commit } = source;
      const place = commit === undefined ? { url } : { url, commit };
      const purl = packagePurl('npm', name, version, {
        vcs_url: commit === undefined ? url : `${url}@${commit}`,
      });
      return { identity: purl, isExact: commit !== undefined, purl, origin: 'git', source: place };
    }
    case 'url': {
      const purl = packagePurl('npm', name, version, { download_url: source.url });
      return { identity: purl, isExact: true, purl, origin: 'url', source: { url: source.url } };
    }
    case 'path': {
      if (source.path === undefined)
        return { identity: pathIdentity(node.path), isExact: true, origin: 'path' };
      const path = joinPath(folder, source.path) || '.';
      return { identity: pathIdentity(source.path), isExact: true, origin: 'path', source: { path } };
    }
    case 'unknown':
      return { identity: pathIdentity(node.path), isExact: false, origin: 'unknown' };
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
function scopesOf(flags: DepFlags): readonly Scope[] {
  if (flags.extraneous) return SCOPES.unknown;
  if (flags.dev) return SCOPES.dev;
  if (flags.devOptional) return SCOPES.devOptional;
  if (flags.optional) return SCOPES.optional;
  return flags.peer ? SCOPES.peer : SCOPES.runtime;
}

const SCOPES = {
  unknown: ['unknown'],
  dev: ['dev'],
  devOptional: ['dev', 'optional'],
  optional: ['optional'],
  peer: ['peer'],
  runtime: ['runtime'],
} as const satisfies Record<string, readonly Scope[]>;

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

// SPDX-License-Identifier: Apache-2.0
import type { LicenseClaim } from './license.ts';
import type { Location } from './location.ts';

/** Ecosystem names as OSV spells them. */
export const ECOSYSTEMS = ['PyPI', 'npm'] as const;
/** The ecosystems that are matched; see {@link ECOSYSTEMS}. */
export type Ecosystem = (typeof ECOSYSTEMS)[number];

/** Where a package may be fetched from, as a manifest or lock declares it. */
export interface PackageSource {
  readonly kind: 'index' | 'extra-index' | 'find-links' | 'trusted-host';
  /** As written, with credentials removed. */
  readonly url: string;
  readonly location: Location;
}

/** One lock, one requirements root with all that it includes, or one SBOM. */
export interface Project {
  /** Path of the lock or manifest relative to the scan root. */
  readonly id: string;
  /** Id of the collector that read it, e.g. `poetry-lock`. */
  readonly collector: string;
  /** The manifest a person edits (`pyproject.toml`, `package.json`), or the lock itself where there is none. */
  readonly manifest: string;
  /** Every file that was read for this project, sorted. */
  readonly files: readonly string[];
  /** `ref` of the root component. */
  readonly root: string;
  readonly sources: readonly PackageSource[];
}

/** Where a component comes from. Only `registry` is matched by name. */
export type Origin = 'registry' | 'git' | 'url' | 'path' | 'workspace' | 'unknown';

/**
 * `pinned`: the manifest states one exact version. `resolved`: a lock or a constraint does.
 * `unresolved`: no exact version is known; never matched by a guessed one.
 */
export type Pinning = 'pinned' | 'resolved' | 'unresolved';

/**
 * A way by which a component gets installed. A component that npm marks `dev` and `optional` at once is
 * `['dev']` (omitting dev removes it); `devOptional` is `['dev', 'optional']` (only omitting both does), so
 * every listed scope is on its own a reason why the component is there.
 */
export const SCOPES = ['runtime', 'dev', 'optional', 'peer', 'build', 'unknown'] as const;
/** See {@link SCOPES}. */
export type Scope = (typeof SCOPES)[number];

/** A checksum of an artifact, as a lock states it. */
export interface Hash {
  /** Lower case: `sha1`, `sha256`, `sha384`, `sha512`, `md5`. */
  readonly algorithm: string;
  /** Lower-case hex. */
  readonly value: string;
}

/** One downloadable file of a release. */
export interface Artifact {
  readonly filename?: string;
  readonly url?: string;
  readonly hashes: readonly Hash[];
}

/** The place of a component that is not from the default registry, credentials removed. */
export interface ComponentSource {
  readonly url?: string;
  readonly registry?: string;
  /** Full commit hash of a git source. */
  readonly commit?: string;
  readonly subdirectory?: string;
  /** Relative to the scan root. */
  readonly path?: string;
}

/** What the lock says besides; absent where it does not say so. */
export interface ComponentFlags {
  readonly bundled?: boolean;
  readonly devOptional?: boolean;
  readonly installScript?: boolean;
  readonly deprecated?: boolean;
  readonly yanked?: boolean;
}

/** A {@link Location} of a component with what is written there. */
export interface ComponentLocation extends Location {
  /** The specifier as written, e.g. `>=1.2,<2`. */
  readonly requirement?: string;
  /** Environment marker as written; never evaluated. */
  readonly marker?: string;
}

/** A package in one project: each (project, purl) once, however often it is written. */
export interface Component {
  /** `<project id>#<purl or path>`; unique in a report. The root of a project is `<project id>#.`. */
  readonly ref: string;
  /** Id of the one project it belongs to. */
  readonly project: string;
  /** Absent for workspace members and path dependencies. */
  readonly purl?: string;
  /** Normalised (PEP 503) for PyPI, as published for npm (the real name of an alias). */
  readonly name: string;
  readonly version?: string;
  readonly requirement?: string;
  readonly ecosystem?: Ecosystem;
  /** Chain of include lines (`-r`, `-c`) from the root file to the file it stands in. */
  readonly includedFrom?: readonly Location[];
  readonly origin: Origin;
  readonly source?: ComponentSource;
  readonly pinning: Pinning;
  /** Never empty, in the order of {@link SCOPES}. */
  readonly scopes: readonly Scope[];
  /** Absent where the file does not say; `[]` where it says none. Sorted. */
  readonly groups?: readonly string[];
  readonly marker?: string;
  /** Asked for by the project itself (or, in npm, by a workspace member). */
  readonly direct: boolean;
  readonly artifacts: readonly Artifact[];
  readonly licenses: readonly LicenseClaim[];
  readonly flags: ComponentFlags;
  /** Never empty; the first is primary. */
  readonly locations: readonly ComponentLocation[];
}

/** A target and the way by which it is asked for. */
export interface DependencyEdge {
  readonly ref: string;
  readonly kind: Scope;
}

/** What one component depends on. Leaves have an empty list. */
export interface DependencyNode {
  readonly ref: string;
  /** Sorted by ref, then kind. */
  readonly dependsOn: readonly DependencyEdge[];
}

/** A line that names a dependency which could not be turned into a component. */
export interface Skipped {
  readonly project?: string;
  readonly location: Location;
  /** The text as written, credentials removed, at most 200 characters. */
  readonly text: string;
  readonly reason: string;
}

/** All that was read: every reference in it leads to a component of it. */
export interface Inventory {
  /** Sorted by id. */
  readonly projects: readonly Project[];
  /** Sorted by ref. */
  readonly components: readonly Component[];
  /** Sorted by ref. */
  readonly dependencies: readonly DependencyNode[];
  /** Sorted by location. */
  readonly skipped: readonly Skipped[];
}

/** The scope by which a policy judges a component: development only where no other way installs it. */
export function judgedScope(component: Pick<Component, 'scopes'>): 'runtime' | 'dev' {
  return component.scopes.every((scope) => scope === 'dev' || scope === 'build') ? 'dev' : 'runtime';
}

// SPDX-License-Identifier: Apache-2.0
import type { Coverage } from '../model/coverage.ts';
import type { Finding } from '../model/finding.ts';
import type { Component, DependencyNode, Project, Skipped } from '../model/inventory.ts';

/** Files below the scan root. Paths are relative to it, `/`-separated, NFC. */
export interface FileSource {
  /**
   * The bytes of a file, `undefined` where none exists.
   * @throws PlimsollError `file-too-large`, `file-unreadable`, `path-outside-root`
   */
  read(path: string): Promise<Uint8Array | undefined>;
}

export interface CollectContext {
  readonly files: FileSource;
  readonly signal?: AbortSignal;
}

/** One project with all that belongs to it; refs start with `<project.id>#`. */
export interface CollectedProject {
  readonly project: Project;
  /** Folded by purl; holds the root component. */
  readonly components: readonly Component[];
  /** One node per component, leaves included. */
  readonly dependencies: readonly DependencyNode[];
  readonly skipped: readonly Skipped[];
  /**
   * At least one row whose target is the project id and whose plugin is the collector id: what was expected and
   * processed in `packages`, `failed` with cause `unparsable` and the place when the file is broken.
   */
  readonly coverage: readonly Coverage[];
  /** Findings about how packages are locked; most collectors have none. */
  readonly findings: readonly Finding[];
}

/**
 * Reads one format. A collector never throws for what stands in a file: a file that cannot be parsed is a project
 * with status `failed` and no components but its root. It never executes anything and never opens a socket.
 */
export interface Collector {
  /** Kebab-case; the file is the id. Stands in `Project.collector`, `Coverage.plugin` and before `-L ID:FILE`. */
  readonly id: string;
  /** For the docs: file names, and the versions of the format that are read. */
  readonly describes: string;
  /** Whether a path found by the walk is of this format, by its name alone. */
  claims(path: string): boolean;
  /**
   * Reads the claimed files of one tree, all at once since some belong together (`-r` includes, a shrinkwrap
   * beside a lock). `manifests` is sorted; every one of them ends up in some project's `files`.
   */
  collect(manifests: readonly string[], context: CollectContext): Promise<readonly CollectedProject[]>;
}

// SPDX-License-Identifier: Apache-2.0
import type { CollectedProject } from '../../../src/collectors/collector.ts';
import { packageLock } from '../../../src/collectors/javascript/package-lock.ts';
import type { Component } from '../../../src/model/inventory.ts';
import { memoryContext } from '../../support/memory-files.ts';

/** Collects the locks among some files: texts, or values that are written as JSON. */
export async function collect(
  files: Readonly<Record<string, unknown>>,
): Promise<readonly CollectedProject[]> {
  const texts = Object.entries(files).map(([path, content]): [string, string | Uint8Array] => {
    const isContent = typeof content === 'string' || content instanceof Uint8Array;
    return [path, isContent ? content : JSON.stringify(content, undefined, 2)];
  });
  const context = memoryContext(Object.fromEntries(texts));
  return packageLock.collect(Object.keys(files).filter(packageLock.claims).sort(), context);
}

/** Collects one lock; the other files lie beside it. */
export async function collectOne(lock: unknown, others: Readonly<Record<string, unknown>> = {}) {
  const [project] = await collect({ 'package-lock.json': lock, ...others });
  if (project === undefined) throw new Error('no project');
  return { ...project, find: (name: string) => find(project, name) };
}

export function find(project: CollectedProject, name: string): Component {
  const found = project.components.find((component) => component.name === name);
  if (found === undefined) throw new Error(`no component ${name}`);
  return found;
}

/** Refs of what a component depends on, without the project, each with its kind. */
export function edgesOf(project: CollectedProject, name: string): string[] {
  const { ref } = find(project, name);
  const node = project.dependencies.find((each) => each.ref === ref);
  return (node?.dependsOn ?? []).map((edge) => `${edge.kind} ${edge.ref.slice(edge.ref.indexOf('#') + 1)}`);
}

/** A lock of format 3 with these entries, and a root that asks for these packages. */
export function lockOf(packages: object, root: object = {}): object {
  return {
    name: 'app',
    lockfileVersion: 3,
    requires: true,
    packages: { '': { name: 'app', ...root }, ...packages },
  };
}

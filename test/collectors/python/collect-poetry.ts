// SPDX-License-Identifier: Apache-2.0
import type { CollectedProject } from '../../../src/collectors/collector.ts';
import { poetryLock } from '../../../src/collectors/python/poetry-lock.ts';
import { memoryContext } from '../../support/memory-files.ts';

export const METADATA = '[metadata]\nlock-version = "2.0"\n';

export async function collect(lock: string | Uint8Array, pyproject?: string): Promise<CollectedProject> {
  const files = {
    'app/poetry.lock': lock,
    ...(pyproject === undefined ? {} : { 'app/pyproject.toml': pyproject }),
  };
  const [project] = await poetryLock.collect(['app/poetry.lock'], memoryContext(files));
  return project!;
}

export function block(name: string, version: string, rest = ''): string {
  return `[[package]]\nname = "${name}"\nversion = "${version}"\noptional = false\n${rest}\n`;
}

export const dependencies = (...lines: string[]) => `\n[package.dependencies]\n${lines.join('\n')}\n`;

/** `name@version` of each end, and the kind. */
export function edgesOf({ components, dependencies }: CollectedProject): string[] {
  const shown = new Map(
    components.map((c) => [c.ref, c.version === undefined ? c.name : `${c.name}@${c.version}`]),
  );
  return dependencies.flatMap(({ ref, dependsOn }) =>
    dependsOn.map((edge) => `${shown.get(ref)} -${edge.kind}-> ${shown.get(edge.ref)}`),
  );
}

export function component({ components }: CollectedProject, name: string) {
  return components.filter((c) => c.name === name && c.origin !== 'workspace')[0]!;
}

export const scopesOf = (project: CollectedProject) =>
  Object.fromEntries(
    project.components.filter((c) => c.origin !== 'workspace').map((c) => [c.name, c.scopes.join(' ')]),
  );

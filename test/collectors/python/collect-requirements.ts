// SPDX-License-Identifier: Apache-2.0
import { expect } from 'vitest';
import type { CollectContext, CollectedProject } from '../../../src/collectors/collector.ts';
import { requirements } from '../../../src/collectors/python/requirements.ts';
import { memoryContext } from '../../support/memory-files.ts';

export type Tree = Readonly<Record<string, string | Uint8Array>>;

export function collect(files: Tree, context: CollectContext = memoryContext(files)) {
  return requirements.collect(Object.keys(files).filter(requirements.claims).sort(), context);
}

export async function collectOne(files: Tree | string, context?: CollectContext): Promise<CollectedProject> {
  const projects = await collect(typeof files === 'string' ? { 'requirements.txt': files } : files, context);
  expect(projects).toHaveLength(1);
  return projects[0]!;
}

export const packages = ({ components }: CollectedProject) =>
  components.filter((c) => c.origin !== 'workspace');
export const names = (project: CollectedProject) =>
  packages(project).map((c) => (c.version === undefined ? c.name : `${c.name}@${c.version}`));
export const statuses = ({ coverage }: CollectedProject) =>
  coverage.map((row) => `${row.status} ${row.cause ?? ''}`.trim());
export const messages = ({ coverage }: CollectedProject) =>
  coverage.flatMap((row) => row.errors.map((e) => e.message));

export async function only(line: string) {
  const project = await collectOne(line);
  expect(packages(project)).toHaveLength(1);
  return packages(project)[0]!;
}

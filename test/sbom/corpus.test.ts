// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collect } from '../../src/collectors/collect.ts';
import { normalizeClaims } from '../../src/licenses/check.ts';
import { HAS_SHARED_DATA, SHARED_DATA, SHARED_SKIP_REASON } from '../support/shared-data.ts';
import { input, render } from './inventory.ts';
import { cycloneDxErrors } from './schema.ts';

const LOCKS = join(SHARED_DATA, 'lockfiles');
const KINDS = ['package-lock', 'poetry.lock', 'requirements'];

describe.skipIf(!HAS_SHARED_DATA)(
  `SBOMs of real locks${HAS_SHARED_DATA ? '' : ` ${SHARED_SKIP_REASON}`}`,
  () => {
    const folders = HAS_SHARED_DATA
      ? KINDS.flatMap((kind) =>
          readdirSync(join(LOCKS, kind))
            .slice(0, 3)
            .map((name) => join(kind, name)),
        )
      : [];

    it.each(folders)('%s: valid, with the components, edges and licences of the model', async (folder) => {
      const { inventory, coverage } = await collect({ root: join(LOCKS, folder) });
      const components = normalizeClaims(inventory.components);
      const bom = render(input({ ...inventory, components }, { coverage }));
      expect(cycloneDxErrors(bom)).toEqual([]);

      const madeUp = inventory.projects.length === 1 ? 0 : 1;
      expect(bom.components.length + 1).toBe(components.length + madeUp);
      const edges = inventory.dependencies.map(
        (node) => new Set(node.dependsOn.map((edge) => edge.ref)).size,
      );
      const found: number[] = bom.dependencies.map(
        (node: { dependsOn?: string[] }) => node.dependsOn?.length ?? 0,
      );
      expect(sum(found)).toBe(sum(edges) + madeUp * inventory.projects.length);
      const written = [bom.metadata.component, ...bom.components].map((c) => c.licenses?.length ?? 0);
      const claimed = components.map(
        (c) => new Set(c.licenses.map((l) => l.expression ?? l.raw.trim())).size,
      );
      expect(sum(written)).toBe(sum(claimed));
    });
  },
);

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

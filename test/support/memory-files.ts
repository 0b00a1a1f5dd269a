// SPDX-License-Identifier: Apache-2.0
import type { CollectContext } from '../../src/collectors/collector.ts';

/** A tree in memory, for collector tests. */
export function memoryContext(files: Readonly<Record<string, string | Uint8Array>>): CollectContext {
  const map = new Map(Object.entries(files));
  return {
    files: {
      async read(path) {
        const content = map.get(path);
        return typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
      },
    },
  };
}

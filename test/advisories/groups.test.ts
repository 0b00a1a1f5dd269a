// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupRecords } from '../../src/advisories/groups.ts';
import { bestTime } from '../support/best-time.ts';
import { record } from './support.ts';

describe('groupRecords', () => {
  it('joins a record to one that names it', () => {
    const groups = groupRecords([record('A', [], { aliases: ['B'] }), record('B', []), record('C', [])]);
    expect(groups.get('A')).toBe(groups.get('B'));
    expect(groups.get('C')).toEqual({ anchor: 'C', members: ['C'], ids: ['C'] });
  });

  it('joins a chain of 20,000 records in time', () => {
    const chain = Array.from({ length: 20_000 }, (_, i) => record(`R${i}`, [], { aliases: [`R${i + 1}`] }));
    expect(new Set(groupRecords(chain).values()).size).toBe(1);
    expect(bestTime(() => groupRecords(chain), 2)).toBeLessThan(2000);
  });

  it('is the partition by reachability, in any order of records', () => {
    const token = fc.nat(9).map((n) => `T${n}`);
    const published = fc.constantFrom(undefined, 'never', '2024-01-01', '2023-01-01T00:00:00Z');
    const records = fc
      .uniqueArray(fc.tuple(token, fc.array(token, { maxLength: 2 }), published), { selector: ([id]) => id })
      .map((list) => list.map(([id, aliases, date]) => record(id, [], { aliases, published: date })));
    fc.assert(
      fc.property(records, (list) => {
        const groups = groupRecords(list);
        expect(groupRecords(list.toReversed())).toEqual(groups);
        for (const a of list) {
          const reached = new Set([a.id, ...a.aliases]);
          for (let size = 0; size < reached.size; ) {
            size = reached.size;
            for (const b of list) {
              const ids = [b.id, ...b.aliases];
              if (ids.some((id) => reached.has(id))) for (const id of ids) reached.add(id);
            }
          }
          expect(groups.get(a.id)?.ids).toEqual([...reached].sort());
          expect(groups.get(a.id)?.members).toContain(groups.get(a.id)?.anchor);
        }
      }),
    );
  });
});

// SPDX-License-Identifier: Apache-2.0
import type { MirroredEcosystem, Quarantine } from '../../advisories/mirror/manifest.ts';
import { terminal } from '../../reports/encode.ts';

export function render(format: string, value: unknown, lines: readonly string[]): string[] {
  if (format === 'json') return [`${JSON.stringify(value, null, 2)}\n`];
  return lines.map((line) => `${terminal(line)}\n`);
}

export function describeEcosystem({ name, records, newestModified }: MirroredEcosystem): string {
  return `${name}: ${records} records, the newest of ${newestModified ?? 'an unknown date'}`;
}

export function age(date: string | undefined, now: Date): string {
  const days = Math.floor((now.getTime() - Date.parse(date ?? '')) / 86_400_000);
  return Number.isFinite(days) ? `, ${Math.max(days, 0)} days old` : '';
}

export function describeQuarantine(quarantined: readonly Quarantine[]): string[] {
  return quarantined.flatMap(({ ecosystems, count, first }) => [
    `${count} records of ${ecosystems.join(' and ')} could not be read and are left out:`,
    ...first.slice(0, 10).map(({ record, reason }) => `  ${record}: ${reason}`),
  ]);
}

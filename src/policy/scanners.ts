// SPDX-License-Identifier: Apache-2.0
import { compareText } from '../model/order.ts';
import type { WantedScanner } from '../model/scanner.ts';
import type { LoadedPolicy } from './loaded.ts';

/** The scanners that the policy or the caller asks for, each once, sorted. */
export function wantedScanners(run: readonly string[], { policy }: LoadedPolicy): WantedScanner[] {
  const ids = [...new Set([...run, ...Object.keys(policy.scanners)])].sort(compareText);
  return ids.map((id) => {
    const { required = false, version, sha256 } = policy.scanners[id] ?? {};
    return {
      id,
      required,
      asked: run.includes(id),
      ...(version === undefined ? {} : { version }),
      ...(sha256 === undefined ? {} : { sha256 }),
    };
  });
}

// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '../../model/finding.ts';

/** By what a result is known again. GitHub looks at the first alone: in code it is the hash that its own action makes. */
export function sarifFingerprints({ lineHash, fingerprint }: Finding) {
  return {
    primaryLocationLineHash: lineHash ?? `${fingerprint.slice(0, 16)}:1`,
    'plimsoll/v1': fingerprint,
  };
}

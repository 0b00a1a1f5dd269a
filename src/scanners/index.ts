// SPDX-License-Identifier: Apache-2.0
import { bandit } from './bandit.ts';
import { betterleaks } from './betterleaks.ts';
import { checkov } from './checkov.ts';
import { detectSecrets } from './detect-secrets.ts';
import { gitleaks } from './gitleaks.ts';
import { hadolint } from './hadolint.ts';
import { osvScanner } from './osv-scanner.ts';
import type { Scanner } from './scanner.ts';
import { trivy } from './trivy.ts';

/** In the order in which a report is held against them. */
export const SCANNERS: readonly Scanner[] = [
  bandit,
  betterleaks,
  checkov,
  detectSecrets,
  gitleaks,
  hadolint,
  osvScanner,
  trivy,
];

// SPDX-License-Identifier: Apache-2.0
import { bandit } from './bandit.ts';
import { betterleaks } from './betterleaks.ts';
import { checkov } from './checkov.ts';
import { detectSecrets } from './detect-secrets.ts';
import { gitleaks } from './gitleaks.ts';
import { hadolint } from './hadolint.ts';
import { npmAudit } from './npm-audit.ts';
import { osvScanner } from './osv-scanner.ts';
import { pipAudit } from './pip-audit.ts';
import { safety } from './safety.ts';
import { sarif } from './sarif.ts';
import type { Scanner } from './scanner.ts';
import { semgrep } from './semgrep.ts';
import { trivy } from './trivy.ts';
import { trufflehog } from './trufflehog.ts';
import { zizmor } from './zizmor.ts';

/** In the order in which a report is held against them. */
export const SCANNERS: readonly Scanner[] = [
  bandit,
  betterleaks,
  checkov,
  detectSecrets,
  gitleaks,
  hadolint,
  npmAudit,
  osvScanner,
  pipAudit,
  safety,
  sarif,
  semgrep,
  trivy,
  trufflehog,
  zizmor,
];

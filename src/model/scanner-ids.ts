// SPDX-License-Identifier: Apache-2.0

/** The other tools whose reports plimsoll reads, as a policy and the command line name them; sorted. */
export const SCANNER_IDS = [
  'bandit',
  'betterleaks',
  'checkov',
  'detect-secrets',
  'gitleaks',
  'hadolint',
  'npm-audit',
  'osv-scanner',
  'pip-audit',
  'safety',
  'sarif',
  'semgrep',
  'trivy',
  'trufflehog',
  'zizmor',
] as const;

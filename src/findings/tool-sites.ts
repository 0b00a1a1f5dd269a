// SPDX-License-Identifier: Apache-2.0
import { DEPENDENCIES } from './owners.ts';
import { PROJECT_URL } from './rules.ts';

/** Where people read about a tool, by the id of its scanner; plimsoll is {@link DEPENDENCIES}. */
export const TOOL_SITES: ReadonlyMap<string, string> = new Map([
  [DEPENDENCIES, PROJECT_URL],
  ['bandit', 'https://bandit.readthedocs.io/'],
  ['betterleaks', 'https://github.com/betterleaks/betterleaks'],
  ['checkov', 'https://www.checkov.io/'],
  ['codeql', 'https://codeql.github.com/'],
  ['detect-secrets', 'https://github.com/Yelp/detect-secrets'],
  ['gitleaks', 'https://github.com/gitleaks/gitleaks'],
  ['hadolint', 'https://github.com/hadolint/hadolint'],
  ['npm-audit', 'https://docs.npmjs.com/cli/commands/npm-audit'],
  ['osv-scanner', 'https://google.github.io/osv-scanner/'],
  ['pip-audit', 'https://github.com/pypa/pip-audit'],
  ['safety', 'https://safetycli.com/'],
  ['semgrep', 'https://semgrep.dev/'],
  ['trivy', 'https://trivy.dev/'],
  ['trufflehog', 'https://github.com/trufflesecurity/trufflehog'],
  ['zizmor', 'https://docs.zizmor.sh/'],
]);

// SPDX-License-Identifier: Apache-2.0

interface LintRule {
  readonly level: 'error' | 'warning';
  /** What GitHub does. */
  readonly effect: string;
}

/** By id, which is API. Effects: GitHub's documentation, and the checks of its upload action. */
export const LINT_RULES = {
  'category-without-slash': warning('all up to the last slash is the category: without one it is empty'),
  'driver-name-missing': error('the file is refused'),
  'duplicate-category': error('the upload is refused: two runs of one tool have the same category'),
  'duplicate-rule': error('the file is refused: rules are a set'),
  'file-too-large': error('the file is refused: compressed by gzip it is above 10 MB'),
  'fingerprint-missing': warning(
    'the upload action computes one; other uploads have alerts that come and go',
  ),
  'fingerprint-version': warning('consumers that read name/vN as a number refuse the file'),
  'kind-ignored': warning('the result becomes an alert, whatever its kind'),
  'line-missing': error('the result has no line to be shown at'),
  'location-missing': error('the file is refused: a result needs a location'),
  'locations-not-shown': warning('the first 100 are shown'),
  'message-missing': error('the file is refused: a result needs a message'),
  'no-runs': error('the file is refused: 1 item required; only 0 were supplied'),
  'region-reversed': error('the region cannot be shown'),
  'result-rule-missing': error('the result has no rule'),
  'results-missing': error('the file is refused, also where nothing was found'),
  'results-not-shown': warning('the 5,000 most severe are shown'),
  'rule-id-missing': error('the file is refused'),
  'rule-index-wrong': warning('the alert has the texts of another rule'),
  'rule-name-too-long': warning('the rest is cut'),
  'rule-not-described': warning('the alert has no help'),
  'rule-text-missing': warning('the alert has no title or no help'),
  'rule-text-too-long': warning('the rest is cut'),
  'runs-missing': error('the file is refused'),
  'same-alert': warning('the two results are one alert'),
  'sarif-version': error('the file is refused'),
  'severity-ambiguous': warning('9.0 is neither high nor critical'),
  'severity-not-a-number': error('the file is refused'),
  'steps-not-shown': warning('1,000 steps of its code flows are shown'),
  'suppressed-result': warning('it becomes an alert all the same'),
  'tags-not-shown': warning('the first 10 are kept'),
  'too-many-extensions': error('the file is refused'),
  'too-many-locations': error('the file is refused'),
  'too-many-results': error('the file is refused'),
  'too-many-rules': error('the file is refused'),
  'too-many-runs': error('the file is refused'),
  'too-many-steps': error('the file is refused'),
  'too-many-tags': error('the file is refused'),
  'uri-absolute': warning('it is shown only if it lies in the checkout'),
  'uri-invalid': error('no file is found by it'),
  'uri-missing': error('the file is refused: expected artifact location'),
  'uri-outside': warning('no file is found by it'),
  'uri-scheme': error('the file is refused: the scheme is not that of the checkout'),
} as const satisfies Readonly<Record<string, LintRule>>;

export type LintRuleId = keyof typeof LINT_RULES;

function error(effect: string): LintRule {
  return { level: 'error', effect };
}

function warning(effect: string): LintRule {
  return { level: 'warning', effect };
}

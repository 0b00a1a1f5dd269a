// SPDX-License-Identifier: Apache-2.0

/** A result of Bandit, of high severity. */
export function banditResult(
  test_id: string,
  line_number: number,
  issue_text: string,
  filename = 'app/a.py',
): object {
  const confidence = { issue_severity: 'HIGH', issue_confidence: 'HIGH' };
  return {
    test_id,
    test_name: 'a_test',
    filename,
    line_number,
    line_range: [line_number],
    issue_text,
    ...confidence,
  };
}

/** The text of a report of Bandit, which has read these files. */
export function banditReport(results: readonly object[], files: readonly string[] = ['app/a.py']): string {
  const metrics = Object.fromEntries([...files, '_totals'].map((file) => [file, {}]));
  return JSON.stringify({ errors: [], generated_at: '2026-11-21T00:00:00Z', metrics, results });
}

/** The text of a report of gitleaks: each secret on a line of its own in `app/a.py`; one alone on line 2. */
export function gitleaksReport(...secrets: readonly string[]): string {
  return JSON.stringify(
    secrets.map((Secret, i) => ({
      RuleID: 'generic-api-key',
      Description: 'Generic',
      StartLine: secrets.length === 1 ? 2 : i + 1,
      Secret,
      File: 'app/a.py',
      Fingerprint: `${i}`,
    })),
  );
}

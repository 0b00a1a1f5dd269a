// SPDX-License-Identifier: Apache-2.0
import type { Severity } from '../model/finding.ts';

/**
 * Severity and weakness of Bandit's tests, the highest that each can report. Bandit itself rates single results, some
 * of them differently for one test.
 * @see https://bandit.readthedocs.io/en/1.9.4/plugins/index.html
 */
export const BANDIT_TESTS: ReadonlyMap<string, { readonly severity: Severity; readonly cwe: number }> =
  new Map(
    (
      [
        ['low', 703, 'B101 B110 B112'],
        ['low', 259, 'B105 B106 B107'],
        ['low', 330, 'B311'],
        ['low', 502, 'B403'],
        ['low', 78, 'B404 B603 B606 B607'],
        ['low', 20, 'B405 B406 B407 B408 B409 B410'],
        ['low', 327, 'B504'],
        ['medium', 78, 'B102 B307 B601 B604'],
        ['medium', 605, 'B104'],
        ['medium', 377, 'B108 B306 B325'],
        ['medium', 400, 'B113'],
        ['medium', 502, 'B301 B302 B614'],
        ['medium', 327, 'B303 B305 B503'],
        ['medium', 79, 'B308 B704'],
        ['medium', 22, 'B310'],
        ['medium', 20, 'B313 B314 B315 B316 B317 B318 B319 B320 B506'],
        ['medium', 295, 'B323'],
        ['medium', 319, 'B508 B509'],
        ['medium', 89, 'B608 B610 B611'],
        ['medium', 94, 'B612'],
        ['medium', 494, 'B615'],
        ['medium', 80, 'B702 B703'],
        ['high', 732, 'B103'],
        ['high', 94, 'B201 B701'],
        ['high', 22, 'B202'],
        ['high', 327, 'B304 B324 B413 B502'],
        ['high', 319, 'B312 B321 B401 B402 B415'],
        ['high', 20, 'B411'],
        ['high', 284, 'B412'],
        ['high', 295, 'B501 B507'],
        ['high', 326, 'B505'],
        ['high', 78, 'B602 B605'],
        ['high', 155, 'B609'],
        ['high', 838, 'B613'],
      ] as const
    ).flatMap(([severity, cwe, ids]) => ids.split(' ').map((id) => [id, { severity, cwe }] as const)),
  );

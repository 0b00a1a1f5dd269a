// SPDX-License-Identifier: Apache-2.0

/** Why osv-scanner 2.5.0 and plimsoll differ; each has a section of this name in docs/differences.md. */
type Reason = 'range-read-as-pin' | 'utf-16-not-read' | 'resolved-false-fails-the-file';

export interface Difference {
  readonly folder: string;
  /** Project, `.` for what is told of the whole run. */
  readonly target: string;
  /** What the coverage row of osv-scanner says, its first errors. */
  readonly says: readonly string[];
  readonly reason: Reason;
}

const FAILED =
  'expected a report of osv-scanner, got exit status 127 and no report: extraction failed on specified lockfile';
const elsewhere = (what: string, id: string) =>
  `${what}: osv-scanner reports ${id}, a package that is not in the inventory`;

/** Every difference on the locks of the corpus. One that is missing here, or no longer occurs, fails the test. */
export const DIFFERENCES: readonly Difference[] = [
  {
    folder: 'requirements/pypa__pip__682cff72',
    target: '.',
    says: [
      elsewhere('tools/tests-common_wheels-requirements.txt: setuptools 40.8.0', 'PYSEC-2022-43012'),
      elsewhere('tools/tests-requirements.txt: setuptools 39.2.0', 'PYSEC-2022-43012'),
    ],
    reason: 'range-read-as-pin',
  },
  {
    folder: 'requirements/pypi__warehouse__704c13bb',
    target: '.',
    says: [
      elsewhere('requirements/ipython.txt: ipython 6.2.1', 'PYSEC-2022-12'),
      elsewhere('requirements/ipython.txt: ipython 6.2.1', 'PYSEC-2023-17'),
      elsewhere('requirements/ipython.txt: parso 0.1.0', 'PYSEC-2019-109'),
    ],
    reason: 'range-read-as-pin',
  },
  {
    folder: 'requirements/synthetic__saleor-3a351ba7-encodings',
    target: 'utf16le/requirements.txt',
    says: ['babel 2.1.1 was not read by osv-scanner'],
    reason: 'utf-16-not-read',
  },
  {
    folder: 'requirements/vega__altair__d7c0b228',
    target: '.',
    says: [elsewhere('requirements.txt: pandas 0.18', 'PYSEC-2020-73')],
    reason: 'range-read-as-pin',
  },
  {
    folder: 'package-lock/OWASP__NodeGoat__173e7c71',
    target: '.',
    says: [FAILED],
    reason: 'resolved-false-fails-the-file',
  },
  {
    folder: 'package-lock/pypi__warehouse__3660b8e1',
    target: '.',
    says: [FAILED],
    reason: 'resolved-false-fails-the-file',
  },
];

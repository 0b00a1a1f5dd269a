// SPDX-License-Identifier: Apache-2.0

/** Why osv-scanner 2.5.0 and plimsoll differ; each has a section of this name in docs/differences.md. */
export type Reason =
  | 'range-read-as-pin'
  | 'pin-not-read'
  | 'constraints-not-read'
  | 'include-not-followed'
  | 'include-outside-of-the-tree'
  | 'utf-16-not-read'
  | 'byte-order-mark'
  | 'long-line-fails-the-file'
  | 'environment-variable'
  | 'comment-with-backslash'
  | 'line-ends'
  | 'resolved-false-fails-the-file'
  | 'other-origin-matched-by-name'
  | 'version-not-pep-440'
  | 'record-name-not-normalised'
  | 'versions-compared-as-text'
  | 'local-version'
  | 'git-range-first'
  | 'limit-ignored'
  | 'equal-versions'
  | 'malformed-event'
  | 'record-dropped';

interface CorpusDifference {
  readonly folder: string;
  readonly reason: Reason;
  /** What one side alone reads or reports: `SIDE PROJECT: NAME VERSION [ID]`. */
  readonly lines: readonly string[];
}

/** Every difference on the locks of the corpus. One that is missing here, or no longer occurs, fails the test. */
export const CORPUS_DIFFERENCES: readonly CorpusDifference[] = [
  {
    folder: 'requirements/encode__httpx__2c2d4976',
    reason: 'range-read-as-pin',
    lines: ['osv-scanner requirements.txt: attrs 19.2'],
  },
  {
    folder: 'requirements/pypa__pip__253b4323',
    reason: 'range-read-as-pin',
    lines: [
      'osv-scanner docs/requirements.txt: sphinx 7.0',
      'osv-scanner docs/requirements.txt: sphinxcontrib-towncrier 0.2.0a0',
      'osv-scanner tests/requirements-common_wheels.txt: coverage 4.4',
      'osv-scanner tests/requirements.txt: virtualenv 20.0',
    ],
  },
  {
    folder: 'requirements/pypa__pip__682cff72',
    reason: 'range-read-as-pin',
    lines: [
      'osv-scanner tools/tests-common_wheels-requirements.txt: setuptools 40.8.0',
      'osv-scanner tools/tests-common_wheels-requirements.txt: setuptools 40.8.0 PYSEC-2022-43012',
      'osv-scanner tools/tests-requirements.txt: setuptools 39.2.0',
      'osv-scanner tools/tests-requirements.txt: setuptools 39.2.0 PYSEC-2022-43012',
    ],
  },
  {
    folder: 'requirements/pypa__pip__843ffb38',
    reason: 'range-read-as-pin',
    lines: ['osv-scanner docs/requirements.txt: library 0.2'],
  },
  {
    folder: 'requirements/pypi__warehouse__704c13bb',
    reason: 'range-read-as-pin',
    lines: [
      'osv-scanner requirements/dev.txt: asyncudp 0.7',
      'osv-scanner requirements/dev.txt: hupper 1.9',
      'osv-scanner requirements/dev.txt: pip-tools 1.0',
      'osv-scanner requirements/dev.txt: pyramid-debugtoolbar 2.5',
      'osv-scanner requirements/ipython.txt: decorator 4.1.2',
      'osv-scanner requirements/ipython.txt: ipython 6.2.1',
      'osv-scanner requirements/ipython.txt: ipython 6.2.1 PYSEC-2022-12',
      'osv-scanner requirements/ipython.txt: ipython 6.2.1 PYSEC-2023-17',
      'osv-scanner requirements/ipython.txt: ipython-genutils 0.2.0',
      'osv-scanner requirements/ipython.txt: jedi 0.11.0',
      'osv-scanner requirements/ipython.txt: parso 0.1.0',
      'osv-scanner requirements/ipython.txt: parso 0.1.0 PYSEC-2019-109',
      'osv-scanner requirements/ipython.txt: pexpect 4.3.1',
      'osv-scanner requirements/ipython.txt: pickleshare 0.7.4',
      'osv-scanner requirements/ipython.txt: prompt-toolkit 1.0.15',
      'osv-scanner requirements/ipython.txt: ptyprocess 0.5.2',
      'osv-scanner requirements/ipython.txt: simplegeneric 0.8.1',
      'osv-scanner requirements/ipython.txt: traitlets 4.3.2',
      'osv-scanner requirements/ipython.txt: wcwidth 0.1.7',
    ],
  },
  {
    folder: 'requirements/pypi__warehouse__8c65bd24',
    reason: 'range-read-as-pin',
    lines: ['osv-scanner requirements-dev.txt: pip-tools 1.0'],
  },
  {
    folder: 'requirements/pypi__warehouse__b920fc51',
    reason: 'range-read-as-pin',
    lines: [
      'osv-scanner requirements/dev.txt: pip-tools 1.0',
      'osv-scanner requirements/dev.txt: pyramid-debugtoolbar 2.5',
    ],
  },
  {
    folder: 'requirements/synthetic__saleor-3a351ba7-encodings',
    reason: 'utf-16-not-read',
    lines: ['plimsoll utf16le/requirements.txt: all of 57 packages, with 70 records'],
  },
  {
    folder: 'requirements/vega__altair__d7c0b228',
    reason: 'range-read-as-pin',
    lines: [
      'osv-scanner requirements.txt: jsonschema 3.0',
      'osv-scanner requirements.txt: pandas 0.18',
      'osv-scanner requirements.txt: pandas 0.18 PYSEC-2020-73',
      'osv-scanner requirements.txt: typing-extensions 4.0.1',
    ],
  },
  {
    folder: 'poetry.lock/python-poetry__poetry__29001077',
    reason: 'other-origin-matched-by-name',
    lines: [
      'osv-scanner tests/fixtures/missing_directory_dependency/poetry.lock: missing 1.2.3',
      'osv-scanner tests/fixtures/missing_extra_directory_dependency/poetry.lock: missing 1.2.3',
      'osv-scanner tests/fixtures/missing_file_dependency/poetry.lock: missing 1.2.3',
      'osv-scanner tests/fixtures/with_path_dependency/poetry.lock: bazz 1',
    ],
  },
  {
    folder: 'poetry.lock/python-poetry__poetry__298068d3',
    reason: 'other-origin-matched-by-name',
    lines: ['osv-scanner poetry.lock: poetry-core 2.4.1'],
  },
  {
    folder: 'poetry.lock/python-poetry__poetry__8c5611c6',
    reason: 'other-origin-matched-by-name',
    lines: ['osv-scanner poetry.lock: poetry-core 1.1.0a0'],
  },
  {
    folder: 'package-lock/OWASP__NodeGoat__173e7c71',
    reason: 'resolved-false-fails-the-file',
    lines: [
      'osv-scanner package-lock.json: expected a report of osv-scanner, got exit status 127 and no report: could not extract: json: cannot unmarshal bool into Go struct field Dependency.dependencies.dependencies.resolved of type string',
    ],
  },
  {
    folder: 'package-lock/OWASP__NodeGoat__9336e34a',
    reason: 'other-origin-matched-by-name',
    lines: ['osv-scanner package-lock.json: grunt-if 0.2.0'],
  },
  {
    folder: 'package-lock/npm__cli__62c71e51',
    reason: 'other-origin-matched-by-name',
    lines: [
      'osv-scanner package-lock.json: @npmcli/arborist 8.0.0',
      'osv-scanner package-lock.json: @npmcli/config 9.0.0',
      'osv-scanner package-lock.json: @npmcli/docs 1.0.0',
      'osv-scanner package-lock.json: @npmcli/mock-globals 1.0.0',
      'osv-scanner package-lock.json: @npmcli/mock-registry 1.0.0',
      'osv-scanner package-lock.json: @npmcli/smoke-tests 1.0.1',
      'osv-scanner package-lock.json: libnpmaccess 9.0.0',
      'osv-scanner package-lock.json: libnpmdiff 7.0.0',
      'osv-scanner package-lock.json: libnpmexec 9.0.0',
      'osv-scanner package-lock.json: libnpmfund 6.0.0',
      'osv-scanner package-lock.json: libnpmorg 7.0.0',
      'osv-scanner package-lock.json: libnpmpack 8.0.0',
      'osv-scanner package-lock.json: libnpmpublish 10.0.0',
      'osv-scanner package-lock.json: libnpmsearch 8.0.0',
      'osv-scanner package-lock.json: libnpmteam 7.0.0',
      'osv-scanner package-lock.json: libnpmversion 7.0.0',
    ],
  },
  {
    folder: 'package-lock/npm__cli__d7265045',
    reason: 'other-origin-matched-by-name',
    lines: [
      'osv-scanner package-lock.json: @npmcli/arborist 4.1.2',
      'osv-scanner package-lock.json: docs 1.0.0',
      'osv-scanner package-lock.json: libnpmaccess 5.0.0',
      'osv-scanner package-lock.json: libnpmdiff 2.0.4',
      'osv-scanner package-lock.json: libnpmdiff 3.0.0',
      'osv-scanner package-lock.json: libnpmexec 3.0.2',
      'osv-scanner package-lock.json: libnpmfund 2.0.2',
      'osv-scanner package-lock.json: libnpmhook 7.0.0',
      'osv-scanner package-lock.json: libnpmorg 3.0.0',
      'osv-scanner package-lock.json: libnpmpack 3.0.1',
      'osv-scanner package-lock.json: libnpmpublish 5.0.0',
      'osv-scanner package-lock.json: libnpmsearch 4.0.0',
      'osv-scanner package-lock.json: libnpmteam 3.0.0',
      'osv-scanner package-lock.json: libnpmversion 2.0.2',
    ],
  },
  {
    folder: 'package-lock/pypi__warehouse__3660b8e1',
    reason: 'resolved-false-fails-the-file',
    lines: [
      'osv-scanner package-lock.json: expected a report of osv-scanner, got exit status 127 and no report: could not extract: json: cannot unmarshal bool into Go struct field Dependency.dependencies.dependencies.resolved of type string',
    ],
  },
  {
    folder: 'package-lock/webpro-nl__knip__dc520ca7',
    reason: 'other-origin-matched-by-name',
    lines: ['osv-scanner package-lock.json: @knip/docs 0.0.0', 'osv-scanner package-lock.json: knip 5.9.3'],
  },
];

// SPDX-License-Identifier: Apache-2.0

/**
 * The id that a common name of a licence can only mean, as a person would read it; `undefined` for any other text.
 * No name stands for more than it says: none becomes `-or-later` without those words or a `+`.
 */
export function namedLicense(name: string): string | undefined {
  return NAMES.get(nameKey(name));
}

/** What a name that fits several licences could mean. */
export function ambiguousLicense(name: string): string | undefined {
  return AMBIGUOUS.get(nameKey(name));
}

/** Every name with its id, for tests and documentation. */
export function licenseNames(): readonly (readonly [name: string, id: string])[] {
  return [...NAMES];
}

/** Case, punctuation, `the`, `version` and a last `license` say nothing. */
function nameKey(name: string): string {
  return name
    .toLowerCase()
    .replace(/[\s"'“”‘’(),_-]+/g, ' ')
    .replace(/\b(?:version |ver\.? |v\.? ?)(?=\d)/g, '')
    .trim()
    .replace(/^the /, '')
    .replace(/ licen[cs]e$/, '')
    .replaceAll('licence', 'license');
}

const NAMED: readonly (readonly [id: string, ...names: string[]])[] = [
  ['0BSD', 'BSD Zero Clause', 'Zero-Clause BSD', '0-clause BSD'],
  ['AFL-3.0', 'Academic Free License 3.0'],
  ['Apache-2.0', 'Apache 2.0', 'Apache 2', 'Apache2', 'Apache2.0', 'ASL 2.0', 'AL 2.0', 'Apache License 2.0'],
  ['Apache-2.0', 'Apache License 2', 'Apache Software License 2.0', 'Apache License 2.0 (Apache-2.0)'],
  ['Artistic-2.0', 'Artistic 2.0', 'Artistic License 2.0'],
  ['BlueOak-1.0.0', 'Blue Oak Model License 1.0.0'],
  ['BSD-2-Clause', 'BSD 2-Clause', '2-Clause BSD', 'BSD 2', 'Simplified BSD', 'BSD 2-Clause "Simplified"'],
  ['BSD-3-Clause', 'BSD 3-Clause', '3-Clause BSD', 'BSD 3', 'New BSD', 'Modified BSD', 'Revised BSD'],
  ['BSD-3-Clause', 'BSD 3-Clause "New" or "Revised"'],
  ['BSL-1.0', 'Boost Software License', 'Boost Software License 1.0', 'Boost 1.0'],
  ['BUSL-1.1', 'Business Source License 1.1'],
  ['CC-BY-3.0', 'CC BY 3.0', 'Creative Commons Attribution 3.0 Unported'],
  ['CC-BY-4.0', 'CC BY 4.0', 'Creative Commons Attribution 4.0 International'],
  ['CC-BY-SA-4.0', 'CC BY-SA 4.0', 'Creative Commons Attribution-ShareAlike 4.0 International'],
  ['CC0-1.0', 'CC0', 'CC0 1.0', 'CC0 1.0 Universal', 'Creative Commons Zero v1.0 Universal'],
  ['CDDL-1.0', 'CDDL 1.0', 'Common Development and Distribution License 1.0'],
  ['Elastic-2.0', 'Elastic License 2.0', 'ELv2'],
  ['EPL-1.0', 'EPL 1.0', 'Eclipse Public License 1.0'],
  ['EPL-2.0', 'EPL 2.0', 'Eclipse Public License 2.0'],
  ['EUPL-1.2', 'EUPL 1.2', 'European Union Public License 1.2'],
  ['ISC', 'ISC', 'ISCL', 'ISC License (ISCL)', 'ISC License (ISC)'],
  ['MIT', 'MIT', 'Expat', 'MIT License (MIT)', 'MIT License (Expat)', 'Expat (MIT)', 'MIT (Expat)'],
  ['MIT-0', 'MIT No Attribution', 'MIT 0'],
  ['MPL-1.1', 'MPL 1.1', 'Mozilla Public License 1.1'],
  ['MPL-2.0', 'MPL 2.0', 'Mozilla Public License 2.0', 'Mozilla Public License 2.0 (MPL 2.0)'],
  ['OFL-1.1', 'OFL 1.1', 'SIL Open Font License 1.1'],
  ['SSPL-1.0', 'Server Side Public License 1', 'Server Side Public License 1.0'],
  ['Unlicense', 'Unlicense', 'Unlicense (Unlicense)'],
  ['WTFPL', 'WTFPL', 'Do What The Fuck You Want To Public License'],
  ['Zlib', 'zlib', 'zlib (Zlib)'],
];

const GNU: readonly (readonly [short: string, long: string, versions: readonly string[]])[] = [
  ['AGPL', 'GNU Affero General Public License', ['3.0']],
  ['GPL', 'GNU General Public License', ['2.0', '3.0']],
  ['LGPL', 'GNU Lesser General Public License', ['2.1', '3.0']],
];

const NAMES: ReadonlyMap<string, string> = new Map([
  ...NAMED.flatMap(([id, ...names]) => names.map((name) => [nameKey(name), id] as const)),
  ...GNU.flatMap(([short, long, versions]) => versions.flatMap((version) => gnuNames(short, long, version))),
]);

function gnuNames(short: string, long: string, version: string): (readonly [string, string])[] {
  const spellings = [version, ...(version.endsWith('.0') ? [version.slice(0, -2)] : [])];
  return spellings.flatMap((v) => {
    const later = [`${short}v${v}+`, `${short} ${v}+`, `${short} ${v} or later`, `${long} ${v} or later`];
    const only = [`${short} ${v} only`, `${long} ${v} only`];
    return [
      ...[...later, `${long} ${v} or later (${short}v${v}+)`].map(
        (name) => [nameKey(name), `${short}-${version}-or-later`] as const,
      ),
      ...only.map((name) => [nameKey(name), `${short}-${version}-only`] as const),
    ];
  });
}

const GNU_CHOICE = 'it does not say whether later versions are granted';

const AMBIGUOUS: ReadonlyMap<string, string> = new Map(
  (
    [
      ['BSD', 'it could be BSD-2-Clause, BSD-3-Clause or another'],
      ['BSD-like', 'it could be BSD-2-Clause, BSD-3-Clause or another'],
      ['BSD-style', 'it could be BSD-2-Clause, BSD-3-Clause or another'],
      ['BSL', 'it could be BSL-1.0 (Boost) or BUSL-1.1 (Business Source)'],
      ['MIT-like', 'it could be MIT or one of its many relatives'],
      ['Public Domain', 'no text says so in every country; CC0-1.0 and Unlicense do'],
      ...[
        ...[
          'Apache',
          'Apache Software',
          'ASL',
          'Artistic',
          'AFL',
          'CC',
          'CC BY',
          'CC BY-SA',
          'CDDL',
          'CeCILL',
        ],
        ...[
          'Creative Commons',
          'EPL',
          'Eclipse Public',
          'EUPL',
          'MPL',
          'Mozilla Public',
          'OFL',
          'OSL',
          'PSF',
        ],
        ...['Python', 'Python Software Foundation', 'SIL Open Font', 'ZPL', 'Zope Public'],
      ].map((name) => [name, 'it names no version'] as const),
      ...GNU.flatMap(([short, long]) => [
        [short, 'it names no version'] as const,
        [long, 'it names no version'] as const,
        ...['1', '2', '2.0', '2.1', '3', '3.0'].flatMap((v) =>
          [`${short}v${v}`, `${short}${v}`, `${short} ${v}`, `${long} ${v}`].map(
            (name) => [name, GNU_CHOICE] as const,
          ),
        ),
      ]),
    ] as const
  ).map(([name, reason]) => [nameKey(name), reason]),
);

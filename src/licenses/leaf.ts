// SPDX-License-Identifier: Apache-2.0
import { replacementOf } from './deprecated.ts';
import { listedException, listedLicense } from './spdx.ts';

/** One licence of an expression, with its exception. */
export interface LicenseLeaf {
  readonly kind: 'license';
  /** As SPDX writes it, e.g. `GPL-2.0-or-later WITH Classpath-exception-2.0`; `LicenseRef-` by the letter. */
  readonly text: string;
  /** The part before ` WITH `. */
  readonly license: string;
  readonly exception?: string;
  /** Whether the licence is on the SPDX list, or a `LicenseRef-`. */
  readonly known: boolean;
  /** `listed` by SPDX, an `AdditionRef-` of the author's own, or a word that SPDX does not know. */
  readonly addition: 'none' | 'listed' | 'custom' | 'unknown';
  /** The deprecated id that stood there. */
  readonly deprecated?: string;
}

/** The leaf of a licence word and an exception word; `undefined` where one is no word of the grammar. */
export function licenseLeaf(licenseWord: string, exceptionWord?: string): LicenseLeaf | undefined {
  const license = readLicense(licenseWord);
  if (license === undefined) return undefined;
  if (exceptionWord === undefined) return makeLeaf(license);
  if (!ID.test(exceptionWord) && !ADDITION_REF.test(exceptionWord)) return undefined;
  const addition = readException(exceptionWord);
  // `eCos-2.0 WITH x`: the id holds an exception already, and SPDX knows only one.
  return makeLeaf(
    license.exception === undefined ? { ...license, ...addition } : { ...license, known: false },
  );
}

/** Offered under this version or a later one. */
export function isOrLater(license: string): boolean {
  return license.endsWith('+') || license.endsWith('-or-later');
}

type Parts = Omit<LicenseLeaf, 'kind' | 'text'>;

const ID = /^(?!(?:addition|document|license)ref-)[a-z0-9][a-z0-9.-]*$/i;
const LICENSE_REF = /^(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+$/i;
const ADDITION_REF = /^(?:DocumentRef-[A-Za-z0-9.-]+:)?AdditionRef-[A-Za-z0-9.-]+$/i;

function readLicense(word: string): Parts | undefined {
  if (LICENSE_REF.test(word)) return { license: spellReference(word), known: true, addition: 'none' };
  const plus = word.endsWith('+');
  const bare = plus ? word.slice(0, -1) : word;
  if (!ID.test(bare)) return undefined;
  const listed = listedLicense(bare);
  if (listed === undefined) return { license: word, known: false, addition: 'none' };
  const replacement = replacementOf(listed, plus);
  const id = replacement?.id ?? listed;
  // `-or-later+` says nothing more, and `-only+` contradicts itself: the narrower reading stands.
  const versioned = id.endsWith('-only') || id.endsWith('-or-later');
  return {
    license: plus && !versioned ? `${id}+` : id,
    known: true,
    addition: replacement?.exception === undefined ? 'none' : 'listed',
    ...(replacement?.exception === undefined ? {} : { exception: replacement.exception }),
    ...(replacement === undefined ? {} : { deprecated: word }),
  };
}

function readException(word: string): Pick<LicenseLeaf, 'exception' | 'addition'> & { exception: string } {
  if (ADDITION_REF.test(word)) return { exception: spellReference(word), addition: 'custom' };
  const listed = listedException(word);
  return listed === undefined
    ? { exception: word, addition: 'unknown' }
    : { exception: listed, addition: 'listed' };
}

function makeLeaf(parts: Parts): LicenseLeaf {
  const { license, exception } = parts;
  return {
    kind: 'license',
    text: exception === undefined ? license : `${license} WITH ${exception}`,
    ...parts,
  };
}

/** The prefixes in SPDX's spelling; the author's own part by the letter. */
function spellReference(word: string): string {
  return word
    .replace(/^documentref-/i, 'DocumentRef-')
    .replace(/(^|:)(license|addition)ref-/i, (_, colon: string, kind: string) =>
      kind.toLowerCase() === 'license' ? `${colon}LicenseRef-` : `${colon}AdditionRef-`,
    );
}

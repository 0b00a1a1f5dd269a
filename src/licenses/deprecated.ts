// SPDX-License-Identifier: Apache-2.0

/** A deprecated id in today's words: an id, and an exception where the old id held one. */
export interface Replacement {
  readonly id: string;
  readonly exception?: string;
}

/**
 * What a deprecated SPDX id stands for now; `undefined` for an id that is not deprecated, and for `Net-SNMP`, which
 * is many licences in one text. `orLater` is the `+` behind the id. A GNU id without it is `-only`: the grant is
 * never widened.
 *
 * @see https://spdx.org/licenses/#deprecated
 */
export function replacementOf(id: string, orLater: boolean): Replacement | undefined {
  const renamed = RENAMED.get(id);
  if (renamed !== undefined) return renamed;
  const [base, exception] = id.split('-with-') as [string, string?];
  if (!GNU.has(base)) return undefined;
  const current = `${base}-${orLater ? 'or-later' : 'only'}`;
  if (exception === undefined) return { id: current };
  const known = GNU_EXCEPTIONS.get(id);
  return known === undefined ? undefined : { id: current, exception: known };
}

const GNU = new Set([
  'AGPL-1.0',
  'AGPL-3.0',
  'GFDL-1.1',
  'GFDL-1.2',
  'GFDL-1.3',
  'GPL-1.0',
  'GPL-2.0',
  'GPL-3.0',
  'LGPL-2.0',
  'LGPL-2.1',
  'LGPL-3.0',
]);

const GNU_EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  ['GPL-2.0-with-autoconf-exception', 'Autoconf-exception-2.0'],
  ['GPL-2.0-with-bison-exception', 'Bison-exception-2.2'],
  ['GPL-2.0-with-classpath-exception', 'Classpath-exception-2.0'],
  ['GPL-2.0-with-font-exception', 'Font-exception-2.0'],
  ['GPL-2.0-with-GCC-exception', 'GCC-exception-2.0'],
  ['GPL-3.0-with-autoconf-exception', 'Autoconf-exception-3.0'],
  ['GPL-3.0-with-GCC-exception', 'GCC-exception-3.1'],
]);

/** The texts of eCos-2.0 and wxWindows say `or any later version` themselves. */
const RENAMED: ReadonlyMap<string, Replacement> = new Map([
  ['BSD-2-Clause-FreeBSD', { id: 'BSD-2-Clause' }],
  ['BSD-2-Clause-NetBSD', { id: 'BSD-2-Clause' }],
  ['bzip2-1.0.5', { id: 'bzip2-1.0.6' }],
  ['eCos-2.0', { id: 'GPL-2.0-or-later', exception: 'eCos-exception-2.0' }],
  ['Nunit', { id: 'zlib-acknowledgement' }],
  ['StandardML-NJ', { id: 'SMLNJ' }],
  ['wxWindows', { id: 'GPL-2.0-or-later', exception: 'WxWindows-exception-3.1' }],
]);

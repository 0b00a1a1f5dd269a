// SPDX-License-Identifier: Apache-2.0
import { PlimsollError } from '../../platform/errors.ts';
import { checkedUrl } from '../../platform/http-rules.ts';

const OSV_API = 'https://api.osv.dev';

/** The address of the API, the public one where none is given. @throws PlimsollError `usage` */
export function apiAddress(url: string = OSV_API): URL {
  try {
    return checkedUrl(url);
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    throw new PlimsollError('usage', error.message, {
      hint: `the address of an OSV API reads as ${OSV_API}`,
      cause: error,
    });
  }
}

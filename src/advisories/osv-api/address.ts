// SPDX-License-Identifier: Apache-2.0
import { givenUrl } from '../../platform/http-rules.ts';

const OSV_API = 'https://api.osv.dev';

/** The address of the API, the public one where none is given. @throws PlimsollError `usage` */
export function apiAddress(url: string = OSV_API): URL {
  return givenUrl(url, `the address of an OSV API reads as ${OSV_API}`);
}

// SPDX-License-Identifier: Apache-2.0
import { createHttp, type Report, scan } from 'plimsoll';

export async function scanOnline(root: string, caCert?: string): Promise<Report> {
  const http = createHttp(caCert === undefined ? {} : { caCert });
  return await scan({ root, advisories: 'osv', http }).finally(() => http.close());
}

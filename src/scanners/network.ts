// SPDX-License-Identifier: Apache-2.0
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HttpOptions } from '../platform/http.ts';

/** How tools reach the network. */
export interface ToolNetwork extends HttpOptions {
  /** The address of the OSV API. */
  readonly advisoriesUrl: string;
}

/**
 * The variables by which programs in Go and Python find the proxy and the certificates of this run, which trust the same
 * as we do.
 *
 * @param scratch a directory for the certificates
 */
export async function networkVariables(
  { proxy, caCert }: ToolNetwork,
  scratch: string,
): Promise<Readonly<Record<string, string>>> {
  const bundle = join(scratch, 'certificates.pem');
  if (caCert !== undefined) {
    // With all of TLS, which an import of reports does without.
    const { trustedCertificates } = await import('../platform/http.ts');
    await writeFile(bundle, trustedCertificates(caCert).join('\n'));
  }
  return {
    ...(proxy === undefined ? {} : { HTTPS_PROXY: proxy.url, https_proxy: proxy.url }),
    ...(proxy?.noProxy === undefined ? {} : { NO_PROXY: proxy.noProxy, no_proxy: proxy.noProxy }),
    ...(caCert === undefined ? {} : { SSL_CERT_FILE: bundle, REQUESTS_CA_BUNDLE: bundle }),
  };
}

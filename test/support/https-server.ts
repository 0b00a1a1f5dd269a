// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCertificates } from './certificates.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

export interface TestServer {
  /** `https://localhost:PORT`, without slash at the end. */
  readonly url: string;
  readonly port: number;
  /** PEM of the authority behind the server's certificate. */
  readonly ca: string;
  close(): Promise<void>;
}

/** One authority for all servers of a test file: making keys takes time. */
const certificates = makeCertificates();
export const TEST_CA = certificates.ca;

/** A real HTTPS server on loopback, with a certificate that only {@link TEST_CA} vouches for. */
export async function startServer(handle: Handler): Promise<TestServer> {
  const server = createServer({ cert: certificates.cert, key: certificates.key }, (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => handle(request, response, Buffer.concat(parts).toString('utf8')));
    request.on('error', () => {});
    response.on('error', () => {});
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}`,
    port,
    ca: certificates.ca,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

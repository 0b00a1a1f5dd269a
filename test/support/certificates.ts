// SPDX-License-Identifier: Apache-2.0
import { createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

/** A certificate authority that nobody knows, and a server certificate for localhost and 127.0.0.1 made by it. */
export interface TestCertificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** Made anew for each run, so that no private key lies in the repository. X.509 v3, RFC 5280, in plain DER. */
export function makeCertificates(): TestCertificates {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = 'plimsoll test authority';
  const isAuthority = extension('551d13', true, sequence(boolean(true)));
  const names = [context(2, Buffer.from('localhost'), false), context(7, Buffer.from([127, 0, 0, 1]), false)];
  const forServer = extension('551d11', false, sequence(...names));
  return {
    ca: certificate({
      issuer,
      subject: issuer,
      key: authority.publicKey,
      signer: authority.privateKey,
      extensions: [isAuthority],
    }),
    cert: certificate({
      issuer,
      subject: 'localhost',
      key: server.publicKey,
      signer: authority.privateKey,
      extensions: [forServer],
    }),
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

function certificate(of: {
  readonly issuer: string;
  readonly subject: string;
  readonly key: KeyObject;
  readonly signer: KeyObject;
  readonly extensions: readonly Buffer[];
}): string {
  const algorithm = sequence(oid('2a8648ce3d040302'));
  const body = sequence(
    context(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name(of.issuer),
    sequence(time('20200101000000Z'), time('21200101000000Z')),
    name(of.subject),
    of.key.export({ type: 'spki', format: 'der' }),
    context(3, sequence(...of.extensions)),
  );
  const signature = createSign('sha256').update(body).sign(of.signer);
  const der = sequence(body, algorithm, bitString(signature));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function name(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(oid('550403'), tagged(0x0c, Buffer.from(commonName)))));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), tagged(0x04, value));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

/** `[n]`, constructed around DER or primitive around bytes. */
function context(n: number, content: Buffer, constructed = true): Buffer {
  return tagged((constructed ? 0xa0 : 0x80) | n, content);
}

function integer(bytes: Buffer): Buffer {
  return tagged(0x02, bytes);
}

function boolean(value: boolean): Buffer {
  return tagged(0x01, Buffer.from([value ? 0xff : 0]));
}

function bitString(bytes: Buffer): Buffer {
  return tagged(0x03, Buffer.concat([Buffer.from([0]), bytes]));
}

function time(text: string): Buffer {
  return tagged(0x18, Buffer.from(text));
}

function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const long = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...(length < 0x80 ? [length] : long)]), content]);
}

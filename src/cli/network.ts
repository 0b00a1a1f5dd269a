// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PlimsollError } from '../platform/errors.ts';
import { systemErrorCode } from '../platform/fs.ts';
import type { Http, HttpOptions } from '../platform/http.ts';
import type { Io } from './io.ts';
import { type RawOptions, text } from './options.ts';

/** The way out, by `--offline`, `--ca-cert` and the proxy of the environment; `undefined` where none may be used. */
export async function networkOf(options: RawOptions, io: Io): Promise<Http | undefined> {
  const settings = networkOptions(options, io);
  if (options.offline === true) return undefined;
  const { createHttp } = await import('../platform/http.ts');
  return createHttp(settings);
}

/** @throws PlimsollError `usage` */
function networkOptions(options: RawOptions, io: Io): HttpOptions {
  const { env } = io;
  const proxy = env.HTTPS_PROXY || env.https_proxy;
  const noProxy = env.NO_PROXY || env.no_proxy;
  const certificates = certificatesOf(text(options.caCert), io);
  return {
    ...(certificates === undefined ? {} : { caCert: certificates }),
    ...(proxy ? { proxy: { url: checkedProxy(proxy), ...(noProxy ? { noProxy } : {}) } } : {}),
  };
}

/** Node reads NODE_EXTRA_CA_CERTS itself, but only as long as no other certificates are given. */
function certificatesOf(path: string | undefined, io: Io): string | undefined {
  if (path === undefined) return undefined;
  const own = readPem(resolve(io.cwd, path), path);
  const { NODE_EXTRA_CA_CERTS: extra } = io.env;
  return extra ? `${own}\n${readPem(resolve(io.cwd, extra), 'NODE_EXTRA_CA_CERTS')}` : own;
}

function readPem(path: string, shown: string): string {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    throw usage(`${shown}: expected a file of certificates, got ${systemErrorCode(error)}`);
  }
  const certificates = pem.match(CERTIFICATE) ?? [];
  if (certificates.length === 0) throw usage(`${shown}: expected certificates in PEM, got another text`);
  // TLS passes over what it cannot read, and would then trust nobody's authority.
  if (!certificates.every(isCertificate))
    throw usage(`${shown}: expected certificates in PEM, got a broken one`);
  return pem;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?(?:-----END CERTIFICATE-----|$)/g;

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

/** The message leaves the text out: it may hold a password. */
function checkedProxy(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.href;
  throw usage('HTTPS_PROXY: expected the http or https URL of a proxy, got another text');
}

function usage(message: string): PlimsollError {
  return new PlimsollError('usage', message);
}

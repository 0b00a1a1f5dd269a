// SPDX-License-Identifier: Apache-2.0
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { PlimsollError } from '../../src/platform/errors.ts';
import { createHttp, type Http, type HttpOptions, type HttpRequest } from '../../src/platform/http.ts';
import { type Handler, startServer, TEST_CA, type TestServer } from '../support/https-server.ts';
import { startProxy } from '../support/proxy.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(handle: Handler): Promise<TestServer> {
  const server = await startServer(handle);
  closing.push(server.close);
  return server;
}

function client(options: HttpOptions = { caCert: TEST_CA }): Http {
  const http = createHttp(options);
  closing.push(http.close);
  return http;
}

function get(url: string, rest: Partial<HttpRequest> = {}): HttpRequest {
  return { url, timeout: 5000, maxBytes: 1_000_000, ...rest };
}

async function text(http: Http, request: HttpRequest): Promise<string> {
  return (await (await http.request(request)).bytes()).toString('utf8');
}

async function failure(work: Promise<unknown>): Promise<PlimsollError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PlimsollError)) throw new Error(`expected a PlimsollError, got ${String(error)}`);
  return error;
}

describe('a request', () => {
  it('gets all values of a header', async () => {
    const { url } = await serve((_, response) => response.writeHead(200, { 'x-many': ['a', 'b'] }).end());
    const response = await client().request(get(url));
    await response.bytes();
    expect(response.header('x-many')).toBe('a, b');
  });

  it('gets an answer of any status, with its headers', async () => {
    const { url } = await serve((_, response) => response.writeHead(503, { 'Retry-After': '7' }).end('busy'));
    const response = await client().request(get(`${url}/x`));
    expect([response.status, response.header('retry-after'), response.url]).toEqual([503, '7', `${url}/x`]);
    expect((await response.bytes()).toString()).toBe('busy');
  });

  it('sends body, headers and who asks', async () => {
    const { url } = await serve((request, response, body) =>
      response.end(`${request.method} ${request.headers['user-agent']} ${request.headers['x-a']} ${body}`),
    );
    const request = get(url, { method: 'POST', body: 'hello', headers: { 'x-a': '1' } });
    expect(await text(client(), request)).toMatch(/^POST plimsoll\/\d+\.\d+\.\d+\S* 1 hello$/);
  });

  it('trusts a private authority only when it is given', async () => {
    const { url } = await serve((_, response) => response.end('ok'));
    expect(await text(client(), get(url))).toBe('ok');
    const error = await failure(client({}).request(get(url)));
    expect([error.code, error.hint]).toEqual(['network-failed', expect.stringContaining('--ca-cert')]);
  });

  it.each([
    'http://localhost/x',
    'ftp://localhost/x',
    'file:///etc/passwd',
    'https://user:pw@localhost/',
    'no url',
  ])('to %s is refused before anything is sent', async (url) => {
    const error = await failure(client().request(get(url)));
    expect(error.code).toBe('network-refused');
    expect(error.message).not.toContain('pw');
  });

  it('says what is unreachable, without the query', async () => {
    const { url, close } = await startServer((_, response) => response.end());
    await close();
    const error = await failure(client().request(get(`${url}/path?token=secret`)));
    expect(error.message).toBe(`${url}/path: expected an answer, got ECONNREFUSED`);
  });
});

describe('a body', () => {
  it('is decompressed', async () => {
    const { url } = await serve((_, response) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync('plain text')),
    );
    expect(await text(client(), get(url))).toBe('plain text');
  });

  it.each([
    ['plain', undefined, Buffer.alloc(2000)],
    ['compressed', 'gzip', gzipSync(Buffer.alloc(50_000_000))],
  ])('over the limit is cut off: %s', async (_, encoding, bytes) => {
    const { url } = await serve((_request, response) => {
      if (encoding !== undefined) response.setHeader('content-encoding', encoding);
      response.end(bytes);
    });
    const response = await client().request(get(url, { maxBytes: 1000 }));
    expect((await failure(response.bytes())).code).toBe('limit-exceeded');
  });

  it.each<[string, Handler]>([
    [
      'ends before its length',
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('half');
        setImmediate(() => response.socket?.destroy());
      },
    ],
    ['is no gzip', (_, response) => response.setHeader('content-encoding', 'gzip').end('not gzip')],
    [
      'is a truncated gzip',
      (_, response) =>
        response
          .setHeader('content-encoding', 'gzip')
          .end(gzipSync(Buffer.alloc(9999, 'ab')).subarray(0, 20)),
    ],
  ])('that %s is an error', async (_, handle) => {
    const { url } = await serve(handle);
    const error = await failure(
      client()
        .request(get(url))
        .then((response) => response.bytes()),
    );
    expect(error.code).toBe('network-failed');
  });

  it('that drips is given up when the time is over', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200).write('a');
    });
    const response = await client().request(get(url, { timeout: 100 }));
    const error = await failure(response.bytes());
    expect(error.message).toBe(`${url}/: expected an answer, got nothing whole within 0.1 s`);
  });

  it('can be left early', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200).write('first');
    });
    const response = await client().request(get(url));
    for await (const chunk of response.chunks()) {
      expect(Buffer.from(chunk).toString()).toBe('first');
      break;
    }
  });
});

describe('a connection that leads nowhere', () => {
  /** Takes connections, and never says a word. */
  async function silent(): Promise<number> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket.on('error', () => {}));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });
    return (server.address() as AddressInfo).port;
  }

  it.each<[string, (port: number) => { url: string; options: HttpOptions }]>([
    ['server', (port) => ({ url: `https://127.0.0.1:${port}/`, options: {} })],
    [
      'proxy',
      (port) => ({ url: 'https://osv.example/', options: { proxy: { url: `http://127.0.0.1:${port}` } } }),
    ],
  ])('is given up when the time is over: a silent %s', async (_, make) => {
    const { url, options } = make(await silent());
    const http = client(options);
    const start = performance.now();
    const error = await failure(http.request(get(url, { timeout: 100 })));
    expect(error.message).toBe(`${url}: expected an answer, got nothing whole within 0.1 s`);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    expect((await failure(http.request(get(url, { signal: controller.signal })))).code).toBe('aborted');
    await http.close();
    expect(performance.now() - start).toBeLessThan(4000);
  });
});

describe('an answer that never begins', () => {
  it('is given up when the time is over', async () => {
    const { url } = await serve(() => {});
    expect((await failure(client().request(get(url, { timeout: 100 })))).code).toBe('network-failed');
  });

  it('is given up when the caller aborts', async () => {
    const controller = new AbortController();
    const { url } = await serve(() => controller.abort());
    const error = await failure(client().request(get(url, { signal: controller.signal })));
    expect(error.code).toBe('aborted');
  });

  it('is an error where the connection is reset', async () => {
    const { url } = await serve((request) => request.socket.destroy());
    expect((await failure(client().request(get(url)))).code).toBe('network-failed');
  });
});

describe('a redirect', () => {
  const SECRET = { authorization: 'Bearer secret', cookie: 'a=b', 'x-other': 'kept' };

  it('to another origin leaves credentials behind, to the same one takes them along', async () => {
    const seen: string[] = [];
    const note: Handler = ({ headers }, response) => {
      seen.push(`${headers.authorization ?? '-'} ${headers.cookie ?? '-'} ${headers['x-other'] ?? '-'}`);
      response.end('ok');
    };
    const other = await serve(note);
    const { url } = await serve((request, response, body) => {
      if (request.url === '/end') note(request, response, body);
      else response.writeHead(302, { location: request.url === '/same' ? '/end' : `${other.url}/end` }).end();
    });
    await text(client(), get(`${url}/same`, { headers: SECRET }));
    await text(client(), get(`${url}/far`, { headers: SECRET }));
    expect(seen).toEqual(['Bearer secret a=b kept', '- - kept']);
  });

  it('to another host leaves credentials behind, also where that leads back', async () => {
    const seen: (string | undefined)[] = [];
    const { url, port } = await serve(({ headers, url: path }, response) => {
      seen.push(headers.authorization);
      const location = path === '/1' ? `https://127.0.0.1:${port}/2` : `https://localhost:${port}/3`;
      if (path === '/3') response.end('ok');
      else response.writeHead(307, { location }).end();
    });
    expect(await text(client(), get(`${url}/1`, { headers: SECRET }))).toBe('ok');
    expect(seen).toEqual(['Bearer secret', undefined, undefined]);
  });

  it('keeps to https', async () => {
    const { url } = await serve((_, response) =>
      response.writeHead(301, { location: 'http://localhost/' }).end(),
    );
    const error = await failure(client().request(get(url)));
    expect([error.code, error.message]).toEqual([
      'network-refused',
      'http://localhost/: expected an https URL, got http:',
    ]);
  });

  it('in a circle ends', async () => {
    let hops = 0;
    const { url } = await serve((_, response) => {
      hops += 1;
      response.writeHead(302, { location: '/again' }).end();
    });
    expect((await failure(client().request(get(url)))).message).toContain('at most 5 redirects');
    expect(hops).toBe(6);
  });
});

describe('an address that is refused', () => {
  it.each([
    ['https://user:p w@[::/a?token=s', 'https://[::/a: expected a URL'],
    ['https://user:p/w@host/a', 'https://host/a: expected a URL'],
    ['user:p w@host:1', 'user://host:1: expected an https URL'],
    ['http://user:pw@host/a?token=s#s', 'http://host/a: expected an https URL'],
    ['https://pw@host/a', 'https://host/a: expected a URL without user and password'],
  ])('%s is shown without what authenticates', async (url, message) => {
    const error = await failure(client().request(get(url)));
    expect(error.code).toBe('network-refused');
    expect(error.message).toContain(message);
    expect(error.message).not.toMatch(/p[ /]?w@|token/);
  });
});

describe('a proxy', () => {
  it('carries what NO_PROXY does not name, to a server of a private authority', async () => {
    const proxy = await startProxy();
    closing.push(proxy.close);
    const { url, port } = await serve((_, response) => response.end('ok'));
    const through = client({ caCert: TEST_CA, proxy: { url: proxy.url, noProxy: 'elsewhere.example' } });
    expect(await text(through, get(url))).toBe('ok');
    expect(proxy.targets).toEqual([`localhost:${port}`]);
    const around = client({ caCert: TEST_CA, proxy: { url: proxy.url, noProxy: 'localhost' } });
    expect(await text(around, get(url))).toBe('ok');
    expect(proxy.targets).toHaveLength(1);
  });

  it.each([
    ['localhost', false],
    ['LOCALHOST', false],
    ['elsewhere.example, localhost', false],
    ['.localhost', false],
    ['*', false],
    ['localhost:PORT', false],
    ['localhost:1', true],
    ['host', true],
    ['127.0.0.1', true],
  ])('is asked or not with NO_PROXY=%s: %s', async (noProxy, isAsked) => {
    const proxy = await startProxy();
    closing.push(proxy.close);
    const { url, port } = await serve((_, response) => response.end('ok'));
    const options = { url: proxy.url, noProxy: noProxy.replace('PORT', `${port}`) };
    expect(await text(client({ caCert: TEST_CA, proxy: options }), get(url))).toBe('ok');
    expect(proxy.targets).toHaveLength(isAsked ? 1 : 0);
  });

  it('is not asked for what lies below a name of NO_PROXY', async () => {
    const proxy = await startProxy();
    closing.push(proxy.close);
    for (const noProxy of ['example.invalid', '.example.invalid', '*.example.invalid']) {
      const http = client({ caCert: TEST_CA, proxy: { url: proxy.url, noProxy } });
      await failure(http.request(get('https://osv.example.invalid/')));
    }
    expect(proxy.targets).toEqual([]);
  });

  it('gets its own credentials, and nobody else does', async () => {
    const proxy = await startProxy('user:pass');
    closing.push(proxy.close);
    const { url } = await serve(({ headers }, response) =>
      response.end(headers['proxy-authorization'] ?? 'none'),
    );
    const withPassword = proxy.url.replace('//', '//user:pass@');
    expect(await text(client({ caCert: TEST_CA, proxy: { url: withPassword } }), get(url))).toBe('none');
    const error = await failure(client({ caCert: TEST_CA, proxy: { url: proxy.url } }).request(get(url)));
    expect(error.code).toBe('network-failed');
  });
});

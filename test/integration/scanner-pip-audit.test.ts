// SPDX-License-Identifier: Apache-2.0
// The real pip-audit on the pins of the example, against the local OSV server.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { createHttp } from '../../src/platform/http.ts';
import { scan } from '../../src/scan.ts';
import { expectFound } from '../support/asserted.ts';
import { TEST_CA } from '../support/https-server.ts';
import { type OsvServer, startOsvServer } from '../support/osv-server/server.ts';
import { bundledRecords } from '../support/records.ts';
import { REPO_ROOT } from '../support/shared-data.ts';
import { tempTree } from '../support/temp-tree.ts';
import { toolDirectory } from '../support/tools.ts';

const EXAMPLE = join(REPO_ROOT, 'fixtures', 'storefront');
const http = createHttp({ caCert: TEST_CA });
let server: OsvServer;

beforeAll(async () => {
  server = await startOsvServer({ records: bundledRecords() });
});
afterAll(async () => {
  await server?.close();
  await http.close();
});

const POETRY = `[[package]]
name = "aiohttp"
version = "3.8.4"
description = ""
optional = false
python-versions = "*"
files = []

[[package]]
name = "aiohttp"
version = "3.8.5"
description = ""
optional = false
python-versions = "*"
files = []

[[package]]
name = "colorama"
version = "1.0 --index-url https://evil.example/"
description = ""
optional = false
python-versions = "*"
files = []

[metadata]
lock-version = "2.0"
python-versions = "*"
content-hash = "0"
`;

async function scanned(root: string, advisoriesUrl = server.url): Promise<Report> {
  return await scan({
    ...{ root, advisories: 'osv', http, advisoriesUrl },
    ...{ run: ['pip-audit'], toolPath: toolDirectory('pip-audit') },
  });
}

function rowsOf({ coverage }: Report) {
  return coverage.filter(({ plugin }) => plugin === 'pip-audit');
}

/** `PROJECT ID`, of findings that pip-audit is a source of. */
function foundBy({ findings }: Report): string[] {
  const found = findings.flatMap(({ project, sources }) =>
    sources.filter(({ tool }) => tool === 'pip-audit').map(({ ruleId }) => `${project} ${ruleId}`),
  );
  return [...new Set(found)].sort();
}

describe('pip-audit itself', { timeout: 120_000 }, () => {
  it('confirms what was matched, project by project', async () => {
    const report = await scanned(EXAMPLE);
    expectFound(report.scanners ?? [], foundBy(report), EXPECTED);
    expect(rowsOf(report)).toMatchObject([
      { target: 'api/poetry.lock', status: 'succeeded' },
      { target: 'tools/requirements-dev.txt', status: 'succeeded' },
      { target: 'worker/requirements.txt', status: 'succeeded' },
    ]);
  });

  it('gets every version of a package, and nothing that is no pin', async () => {
    const report = await scanned(tempTree({ 'poetry.lock': POETRY }));
    const both = report.findings.filter(({ sources }) => sources.some(({ tool }) => tool === 'pip-audit'));
    expect(new Set(both.map(({ component }) => component))).toEqual(
      new Set(['poetry.lock#pkg:pypi/aiohttp@3.8.4', 'poetry.lock#pkg:pypi/aiohttp@3.8.5']),
    );
    expect(rowsOf(report)).toMatchObject([
      {
        status: 'partial',
        expected: 3,
        processed: 2,
        errors: [{ message: expect.stringMatching(/^colorama .* was not read by pip-audit$/) }],
      },
    ]);
  });

  it('that the server fails has failed, whatever its exit status', async () => {
    const faulty = await startOsvServer({
      records: [],
      fault: ({ path }, response) => {
        if (path !== '/v1/query') return false;
        response.writeHead(500).end();
        return true;
      },
    });
    onTestFinished(faulty.close);
    const report = await scanned(tempTree({ 'requirements.txt': 'aiohttp==3.8.4\n' }), faulty.url);
    expect(rowsOf(report)).toMatchObject([{ status: 'failed', cause: 'tool-failed', required: true }]);
    expect(report.verdict.result).toBe('incomplete');
  });

  it('does not run where nothing may use the network', async () => {
    const report = await scan({
      ...{ root: tempTree({ 'requirements.txt': 'aiohttp==3.8.4\n' }), advisories: 'bundled' },
      ...{ run: ['pip-audit'], toolPath: toolDirectory('pip-audit') },
    });
    expect(report.scanners).toBeUndefined();
    expect(rowsOf(report)).toMatchObject([
      { status: 'failed', errors: [{ message: expect.stringContaining('expected the network') }] },
    ]);
  });
});

const EXPECTED = [
  ...['2020-96', '2021-142', '2023-221', '2023-254', '2023-62', '2023-74'].map(
    (id) => `api/poetry.lock PYSEC-${id}`,
  ),
  ...[
    ...['2023-120', '2023-175', '2023-227', '2023-246', '2023-250'],
    ...['2023-251', '2023-45', '2023-46', '2024-24', '2024-26'],
  ].map((id) => `worker/requirements.txt PYSEC-${id}`),
];

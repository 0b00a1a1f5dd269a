// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { readAdvisory } from '../../src/advisories/osv-record.ts';
import { trivyCheckId } from '../../src/scanners/trivy-rules.ts';
import { CHECK, CVE, kinds, of, read } from './trivy-support.ts';

describe('the schema of version 2', () => {
  it('gives a record of the shape of OSV of what Trivy tells of a vulnerability', () => {
    const { hits, packages } = read(
      of({
        Target: 'poetry.lock',
        Class: 'lang-pkgs',
        Type: 'poetry',
        Packages: [{ Name: 'Some_Package', Version: '1.0.0' }, { Name: 'fine', Version: '2' }, { Name: 7 }],
        Vulnerabilities: [CVE],
      }),
    );
    expect(hits).toMatchObject([
      {
        kind: 'vulnerability',
        path: 'poetry.lock',
        ecosystem: 'PyPI',
        name: 'some-package',
        version: '1.0.0',
        toolSeverity: 'HIGH',
      },
    ]);
    expect(packages).toEqual(
      [
        { name: 'some-package', version: '1.0.0' },
        { name: 'fine', version: '2' },
      ].map((each) => ({ path: 'poetry.lock', ecosystem: 'PyPI', ...each })),
    );
    const record = hits[0]?.kind === 'vulnerability' ? readAdvisory(hits[0].record) : undefined;
    expect(record).toMatchObject({
      id: 'CVE-2026-1',
      aliases: ['GHSA-aaaa-bbbb-cccc'],
      summary: 'something is wrong',
      severity: [{ type: 'CVSS_V3', score: CVE.CVSS.nvd.V3Vector }],
      severityLabel: 'HIGH',
      cwes: ['CWE-79'],
      affected: [
        {
          package: { ecosystem: 'PyPI', name: 'some-package' },
          versions: ['1.0.0'],
          ranges: [{ events: [{ introduced: '1.0.0' }, { fixed: '2.0.1' }, { fixed: '1.0.1' }] }],
        },
      ],
    });
    expect(record?.references.map(({ url }) => url)).toEqual([
      'https://avd.example/cve-2026-1',
      'https://example.org/1',
    ]);
  });

  it.each([
    ['npm', 'npm'],
    ['yarn', 'npm'],
    ['node-pkg', 'npm'],
    ['pip', 'PyPI'],
    ['uv', 'PyPI'],
    ['gomod', 'Go'],
    ['jar', 'Maven'],
    ['debian', 'Debian'],
    ['cocoapods', 'cocoapods'],
  ])('%s is of the ecosystem %s', (Type, ecosystem) => {
    const { hits } = read(of({ Target: 'a', Type, Vulnerabilities: [CVE] }));
    expect(hits).toMatchObject([{ ecosystem, record: { affected: [{ package: { ecosystem } }] } }]);
  });

  it('names an installed package by its own path, and not by the label of the target', () => {
    const { hits } = read(
      of({ Target: 'Java', Type: 'jar', Vulnerabilities: [{ ...CVE, PkgPath: 'lib/a.jar' }] }),
    );
    expect(hits).toMatchObject([{ path: 'lib/a.jar' }]);
  });

  it('does not take the packages of a report without the vulnerability scanner for looked at', () => {
    const target = { Target: 'package-lock.json', Class: 'lang-pkgs', Type: 'npm' };
    expect(read(of({ ...target, Packages: [{ Name: 'a', Version: '1' }] })).packages).toBeUndefined();
  });

  it('takes failed checks alone for hits, and gives the shared name of what is asked for', () => {
    const { hits, rules } = read(
      of({
        Target: 'Dockerfile',
        Class: 'config',
        Type: 'dockerfile',
        Misconfigurations: [
          { ...CHECK, CauseMetadata: { Resource: 'r', StartLine: 3, EndLine: 4 } },
          { ...CHECK, ID: 'DS-0001', Status: 'PASS' },
          { ...CHECK, ID: 'DS-0004', Status: 'EXCEPTION' },
        ],
      }),
    );
    expect(hits).toMatchObject([
      {
        kind: 'misconfiguration',
        ruleId: 'DS-0002',
        place: { path: 'Dockerfile', startLine: 3, endLine: 4 },
        resource: 'r',
        control: 'docker-user-not-root',
      },
    ]);
    expect(rules).toMatchObject([{ id: 'DS-0002', severity: 'high', scoreSource: 'check of Trivy' }]);
  });

  it('rates a rule by its worst hit, in whatever order they come', () => {
    const worse = { ...CHECK, Severity: 'CRITICAL' };
    for (const Misconfigurations of [
      [CHECK, worse],
      [worse, CHECK],
    ])
      expect(read(of({ Target: 'a', Misconfigurations })).rules).toMatchObject([{ severity: 'critical' }]);
  });

  it('keeps of a secret what Trivy masked, and nothing of the lines around it', () => {
    const Code = { Lines: [{ Number: 1, Content: 'password = "neighbour"' }] };
    const { hits } = read(
      of({
        Target: 'a.py',
        Class: 'secret',
        Secrets: [
          { RuleID: 'github-pat', Severity: 'CRITICAL', StartLine: 2, EndLine: 2, Code, Match: 'k = ****' },
        ],
      }),
    );
    expect(hits).toMatchObject([
      {
        kind: 'secret',
        ruleId: 'github-pat',
        place: { path: 'a.py', startLine: 2 },
        clue: { masked: 'k = ****' },
      },
    ]);
    expect(JSON.stringify(hits)).not.toContain('neighbour');
  });

  it('rates licences by their category, whatever the severity of the hit says', () => {
    const { hits, rules } = read(
      of(
        {
          Target: 'Python',
          Class: 'license',
          Licenses: [
            {
              Severity: 'LOW',
              Category: 'restricted',
              PkgName: 'a',
              FilePath: 'x/METADATA',
              Name: 'GPL-3.0-only',
            },
            { Severity: 'HIGH', Category: 'never heard of', PkgName: 'b', Name: 'Own' },
          ],
        },
        {
          Target: 'Loose File License(s)',
          Class: 'license-file',
          Licenses: [{ FilePath: 'LICENSE', Name: 'MIT' }],
        },
      ),
    );
    expect(hits).toMatchObject([
      { ruleId: 'license-restricted', license: 'GPL-3.0-only', package: 'a', place: { path: 'x/METADATA' } },
      { ruleId: 'license-unknown', license: 'Own', place: { path: 'Python' } },
      { ruleId: 'license-unknown', license: 'MIT', place: { path: 'LICENSE' } },
    ]);
    expect(rules).toMatchObject([{ severity: 'high' }, { severity: 'unscored' }]);
  });
});

describe('what Trivy says where it found nothing', () => {
  it.each<[string, unknown]>([
    ['no list of results', { SchemaVersion: 2, ArtifactName: '.' }],
    ['an empty list of results', of()],
    ['null of old versions', null],
    ['an empty list of old versions', []],
    ['a cluster without resources', { ClusterName: 'c', Resources: [] }],
  ])('%s is no proof of work', (_, report) => {
    expect(read(report)).toMatchObject({
      hits: [],
      files: [],
      gaps: [{ message: 'Trivy names nothing that it looked at' }],
    });
  });

  it('a target without findings was looked at', () => {
    const { files, gaps } = read(
      of({ Target: 'Dockerfile', Class: 'config', MisconfSummary: { Successes: 9 } }),
    );
    expect([files, gaps]).toEqual([['Dockerfile'], []]);
  });
});

describe('other shapes', () => {
  it('the bare list of versions before 0.20', () => {
    const { hits, gaps } = read([
      {
        Target: 'a/composer.lock',
        Type: 'composer',
        Vulnerabilities: [{ PkgName: 'simplito/elliptic-php' }],
      },
      {
        Target: 'package-lock.json',
        Type: 'npm',
        Vulnerabilities: [{ VulnerabilityID: 'CVE-1', PkgName: 'lodash', FixedVersion: '>=4.17.11' }],
      },
      { Target: 'Pipfile.lock', Type: 'pipenv', Vulnerabilities: null },
    ]);
    expect(hits).toMatchObject([{ ecosystem: 'npm', name: 'lodash', version: '' }]);
    expect(gaps).toEqual([
      { message: expect.stringMatching(/^a\/composer.lock: Vulnerabilities\[0\] cannot be read: at Vuln/) },
    ]);
  });

  it.each(['Resources', 'Findings', 'Vulnerabilities', 'Misconfigurations'])('%s of a cluster', (key) => {
    const { hits, gaps, target } = read({
      ClusterName: 'training',
      [key]: [
        {
          Namespace: 'default',
          Kind: 'Deployment',
          Name: 'web',
          Results: [
            {
              Target: 'Deployment/web',
              Class: 'config',
              Type: 'kubernetes',
              Misconfigurations: [{ ...CHECK, ID: 'KSV116', AVDID: 'AVD-KSV-0116' }],
            },
            { Target: 'web:1 (debian 12)', Class: 'os-pkgs', Type: 'debian', Vulnerabilities: [CVE] },
          ],
        },
        { Namespace: 'default', Kind: 'Pod', Name: 'x', Error: 'pull token=secret-of-the-cluster' },
        7,
      ],
    });
    expect(kinds(hits)).toEqual(['misconfiguration', 'vulnerability']);
    expect(hits[0]).toMatchObject({ ruleId: 'KSV-0116' });
    expect(target).toBe('training');
    expect(gaps).toEqual([
      { message: expect.stringContaining(`${key}[2] cannot be read`) },
      { path: 'default/Pod/x', message: 'Trivy could not scan the resource' },
    ]);
  });

  it('two namespaces of a cluster are two places, and what their image brings is one', () => {
    const resource = (Namespace: string) => ({
      ...{ Namespace, Kind: 'Deployment', Name: 'web' },
      Results: [
        { Target: 'Deployment/web', Misconfigurations: [CHECK] },
        { Target: 'acme/web:1 (debian 12)', Type: 'debian', Vulnerabilities: [CVE] },
        { Target: 'Node.js', Type: 'node-pkg', Vulnerabilities: [{ ...CVE, PkgPath: 'app/a.json' }] },
      ],
    });
    const { hits } = read({ ClusterName: 'c', Resources: [resource('a'), resource('b')] });
    const paths = hits.map((hit) => (hit.kind === 'vulnerability' ? hit.path : hit.place.path));
    expect(paths).toEqual([
      ...['a/Deployment/web', 'acme/web', 'a/Deployment/web/app/a.json'],
      ...['b/Deployment/web', 'acme/web', 'b/Deployment/web/app/a.json'],
    ]);
  });

  it.each([
    ['app', 'app (debian 12.5)', 'app'],
    ['app', 'app/a.json', 'app/app/a.json'],
    ['app:1', '/etc/key', 'app/etc/key'],
    ['', 'etc/key', 'etc/key'],
  ])('of the image %j the target %j is %j', (ArtifactName, Target, path) => {
    const Results = [{ Target, Type: 'debian', Vulnerabilities: [CVE] }];
    const report = read({ SchemaVersion: 2, ArtifactName, ArtifactType: 'container_image', Results });
    expect(report).toMatchObject({ elsewhere: true, hits: [{ path }] });
  });

  it('a bill of materials has targets of the tree and labels, none of which is missing', () => {
    const report = read({
      SchemaVersion: 2,
      ArtifactName: 'bom.json',
      ArtifactType: 'cyclonedx',
      Results: [{ Target: 'package-lock.json', Type: 'npm', Vulnerabilities: [CVE] }, { Target: 'Node.js' }],
    });
    expect(report).toMatchObject({ files: [], hits: [{ path: 'package-lock.json' }] });
    expect(report).not.toHaveProperty('elsewhere');
  });

  it.each([
    ['DS-0002', undefined, 'DS-0002'],
    ['DS002', 'AVD-DS-0002', 'DS-0002'],
    ['DS002', undefined, 'DS-0002'],
    ['AVD-AWS-0086', 'AVD-AWS-0086', 'AWS-0086'],
    ['s3-bucket-logging', 'AVD-AWS-0089', 'AWS-0089'],
    ['KCV0001', '', 'KCV-0001'],
    ['ID of its own', undefined, 'ID of its own'],
  ])('the id %s with %s is %s', (id, avd, expected) => {
    expect(trivyCheckId(id, avd)).toBe(expected);
  });
});

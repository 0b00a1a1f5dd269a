// SPDX-License-Identifier: Apache-2.0
import { HOSTILE_TEXTS } from './hostile.ts';

/** Gives what stands for a hostile text in a place of some kind. */
export type Put = (text: string, kind: 'name' | 'version' | 'text') => string;

/** The hostile texts themselves. */
export const hostile: Put = (text) => text;

/** A plain text for each, so that a tree of the same shape shows what the hostile one should look like. */
export function harmless(): Put {
  const known = new Map<string, string>();
  return (text, kind) => {
    const key = `${kind}\0${text}`;
    const plain = known.get(key) ?? PLAIN[kind] + known.size;
    known.set(key, plain);
    return plain;
  };
}

/** As little a version or a licence as a hostile text is. */
const PLAIN = { name: 'name', version: 'version_', text: 'plain text ' } as const;

export interface HostileTree {
  /** By path. */
  readonly files: Readonly<Record<string, string>>;
  /** OSV records, each of which hits a package of every lock. */
  readonly records: readonly { readonly id: string }[];
  readonly npmNames: readonly string[];
  readonly npmLicenses: readonly string[];
  readonly poetryVersions: readonly string[];
  readonly requirementsVersions: readonly string[];
  /** Each holds a requirements.txt, and a lock that is not read. */
  readonly folders: readonly string[];
}

const TEXTS = [...HOSTILE_TEXTS, `${'x'.repeat(298)}\u202e|`];

/** Locks, a policy and advisories with a hostile text wherever their formats let one stand. */
export function hostileTree(put: Put): HostileTree {
  const npmNames = TEXTS.map((text) => put(text.replace(/[/\\]/g, '\u2215'), 'name'));
  const npmLicenses = TEXTS.map((text) => put(text, 'text'));
  const poetryVersions = TEXTS.map((text) => put(text.toWellFormed(), 'version'));
  const requirementsVersions = TEXTS.map((text) =>
    put(text.replace(/[\s;,()#*=\\]+/g, '_').toWellFormed(), 'version'),
  );
  const folders = HOSTILE_TEXTS.map((text) => put(text.replaceAll('/', '\u2215').toWellFormed(), 'name'));
  const versions = [...new Set(['1.0.0', ...poetryVersions, ...requirementsVersions])];
  return {
    files: {
      'package-lock.json': packageLock(npmNames, npmLicenses),
      'poetry.lock': poetryLock(poetryVersions, put),
      'requirements.txt': requirements(requirementsVersions, put),
      'plimsoll.yaml': policy(put),
      ...Object.fromEntries(
        folders.flatMap((folder) => [
          [`${folder}/requirements.txt`, 'evil-0==1.0.0\n'],
          [`${folder}/uv.lock`, ''],
        ]),
      ),
    },
    records: TEXTS.map((text, i) => record(i, put(text, 'text'), npmNames[i] ?? '', versions)),
    npmNames,
    npmLicenses,
    poetryVersions,
    requirementsVersions,
    folders,
  };
}

function packageLock(names: readonly string[], licenses: readonly string[]): string {
  const installed = names.map((name, i): [string, unknown] => [
    `node_modules/${name}`,
    { version: '1.0.0', license: licenses[i], ...(i % 2 === 0 ? { dev: true } : {}) },
  ]);
  const root = { name: names[0], dependencies: Object.fromEntries(names.map((name) => [name, '*'])) };
  const packages = Object.fromEntries([['', root], ...installed]);
  return JSON.stringify({ name: names[0], lockfileVersion: 3, packages });
}

function poetryLock(versions: readonly string[], put: Put): string {
  const packages = versions.map((version, i) => {
    const text = JSON.stringify(put(TEXTS[i]?.toWellFormed() ?? '', 'text'));
    return [
      '[[package]]',
      `name = "evil-${i}"`,
      `version = ${JSON.stringify(version)}`,
      `markers = ${text}`,
      `groups = [${text}]`,
      'optional = false',
      `files = [{file = ${text}, hash = "sha256:${'0'.repeat(64)}"}]`,
    ].join('\n');
  });
  return `${packages.join('\n\n')}\n\n[metadata]\nlock-version = "2.1"\npython-versions = "*"\n`;
}

/** Pinned to odd versions, and lines that pip would refuse. */
function requirements(versions: readonly string[], put: Put): string {
  const pinned = versions.map((version, i) => `evil-${i}===${version}`);
  const refused = TEXTS.map((text) => `?${put(text.replace(/[\r\n\u2028]/g, ' ').toWellFormed(), 'text')}`);
  return [...pinned, ...refused].join('\n');
}

/** As JSON, which YAML includes. */
function policy(put: Put): string {
  const exceptions = HOSTILE_TEXTS.slice(0, 8).map((text, i) => ({
    id: `ALIAS-${i}`,
    package: `evil-${i}`,
    reason: put(text.toWellFormed(), 'text'),
    owner: put(text.toWellFormed(), 'text'),
  }));
  return JSON.stringify({
    advisories: { maxAge: { warn: '36500d', incomplete: '36500d' } },
    licenses: { allow: ['MIT'] },
    exceptions,
  });
}

function record(i: number, text: string, npmName: string, versions: readonly string[]) {
  return {
    id: `EVIL-${i}-${text}`,
    modified: '2026-01-01T00:00:00Z',
    published: text,
    aliases: [`ALIAS-${i}`, `CVE-${i}-${text}`],
    summary: text,
    details: `${text}\n${text}`,
    severity: [{ type: 'CVSS_V3', score: text }],
    references: [{ type: 'WEB', url: text }],
    database_specific: { severity: text, cwe_ids: [text] },
    affected: [
      { package: { ecosystem: 'npm', name: npmName }, versions: ['1.0.0'] },
      {
        package: { ecosystem: 'PyPI', name: `evil-${i}` },
        versions,
        database_specific: { last_known_affected_version_range: text },
      },
    ],
  };
}

// SPDX-License-Identifier: Apache-2.0
// Compares the collectors with the truth of the corpus of real files, beside the recorded answers of other tools.
//   npm run corpus              prints the table
//   npm run corpus -- --check   exits 1 where a package is missing or too many
//   npm run corpus -- --write   writes the table into docs/collectors.md
//   npm run corpus -- --list    names every package that differs
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importSource } from './import-source.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const CORPUS = join(ROOT, '..', 'shared', 'data', 'lockfiles');
const DOCS = join(ROOT, 'docs', 'collectors.md');

/** Folders of the corpus, the collector of each, and the peers as they are recorded. */
const FORMATS = [
  { folder: 'requirements', collector: 'requirements' },
  { folder: 'poetry.lock', collector: 'poetry-lock' },
  { folder: 'package-lock', collector: 'package-lock' },
  { folder: 'npm-shrinkwrap', collector: 'package-lock' },
];
const PEERS = [
  { title: 'osv-scanner 2.5.0', key: 'osv-scanner 2.5.0' },
  { title: 'Syft 1.52.0', key: 'syft' },
  { title: 'Trivy 0.76.0', key: 'trivy 0.76.0' },
];

const options = new Set(process.argv.slice(2));
if (!existsSync(CORPUS)) {
  console.log('corpus: nothing was compared, ../shared/data/lockfiles is not there');
} else {
  const formats = await compareAll((await importSource('src/collectors/collect.ts')).collect);
  const table = render(formats);
  console.log(table);
  const differing = formats.flatMap((format) => format.projects).filter(({ ours }) => differs(ours));
  if (options.has('--list') || options.has('--check'))
    for (const project of differing) console.log(listing(project));
  if (options.has('--write')) writeTable(table);
  if (options.has('--check') && differing.length > 0) process.exitCode = 1;
}

/** The collectors are TypeScript: bundled on the fly, so that the script also runs where nothing was built. */
async function compareAll(collect) {
  const formats = [];
  for (const { folder, collector } of FORMATS) {
    const projects = [];
    for (const name of readdirSync(join(CORPUS, folder)).sort()) {
      projects.push(
        await compareProject(collect, join(CORPUS, folder, name), `${folder}/${name}`, collector),
      );
    }
    formats.push({ folder, projects });
  }
  return formats;
}

async function compareProject(collect, root, name, collector) {
  const truth = new Set(readJson(join(root, 'truth.json')).map(key));
  const recorded = readJson(join(root, '.oracle', 'peers.json'));
  const { inventory, coverage } = await collect({ root });
  const failed = new Set(
    coverage.filter((row) => row.plugin === collector && row.status === 'failed').map((row) => row.target),
  );
  const own = new Set(
    inventory.projects.filter((project) => project.collector === collector).map(({ id }) => id),
  );
  const found = inventory.components.filter(
    (component) =>
      own.has(component.project) && !failed.has(component.project) && isRegistryRelease(component),
  );
  return {
    name,
    truth: truth.size,
    failed: failed.size,
    ours: compare(
      truth,
      found.map((component) => key([component.ecosystem, component.name, component.version])),
    ),
    // A tool that is not recorded for a folder gave no answer there.
    peers: PEERS.map(({ key: tool }) => compare(truth, (recorded[tool]?.packages ?? []).map(key))),
  };
}

function isRegistryRelease({ origin, version, ecosystem }) {
  return origin === 'registry' && version !== undefined && ecosystem !== undefined;
}

function compare(truth, answers) {
  const answered = new Set(answers);
  return {
    missing: [...truth].filter((name) => !answered.has(name)),
    extra: [...answered].filter((name) => !truth.has(name)),
  };
}

function key([ecosystem, name, version]) {
  return `${ecosystem}/${name}@${version}`;
}

function differs({ missing, extra }) {
  return missing.length + extra.length > 0;
}

function render(formats) {
  const titles = ['plimsoll', ...PEERS.map(({ title }) => title)];
  const rows = formats.map(({ folder, projects }) => [
    folder,
    projects.length,
    sum(projects, (project) => project.truth),
    ...titles.map((_, n) => {
      const answers = projects.map(({ ours, peers }) => [ours, ...peers][n]);
      return `${sum(answers, ({ missing }) => missing.length)} / ${sum(answers, ({ extra }) => extra.length)}`;
    }),
    sum(projects, (project) => project.failed),
  ]);
  const header = ['format', 'folders', 'packages', ...titles, 'failed projects'];
  return [header, header.map((_, n) => (n === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function listing({ name, ours }) {
  const lines = [
    ...ours.missing.map((text) => `  missing ${text}`),
    ...ours.extra.map((text) => `  extra   ${text}`),
  ];
  return [name, ...lines.sort()].join('\n');
}

function writeTable(table) {
  const [begin, end] = ['<!-- corpus:begin -->', '<!-- corpus:end -->'];
  const text = readFileSync(DOCS, 'utf8');
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`${DOCS}: expected the markers ${begin} and ${end}`);
  writeFileSync(DOCS, `${before}${begin}\n${table}\n${end}${after}`);
}

function sum(values, count) {
  return values.reduce((total, value) => total + count(value), 0);
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

// SPDX-License-Identifier: Apache-2.0
// `npm run bench [-- --only LINE] [--write]`: plimsoll against osv-scanner 2.5.0 and sarif-multitool 5.7.0, all offline, on the
// same files and records.
// `--write` puts what it prints into docs/performance.md.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CACHE, corpus, osvCache, ROOT, sarifReports, scaled, sha256 } from './inputs.mjs';
import { once, paired, repeated, show } from './measure.mjs';

const PROGRAM = join(ROOT, 'dist', 'plimsoll.js');
const scratch = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
const lines = [];
const write = process.argv.includes('--write');
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
const PAIRS = 11;

/** Findings that the two sides may differ in, with the reason; anything else stops the comparison. */
const KNOWN_DIFFERENCES = new Map();

const LINES = {
  'start-up': startUp,
  warehouse: () => realLock('pypi__warehouse__b06c8663', 2),
  ghostfolio: () => realLock('ghostfolio__ghostfolio__2a619e2e', 1),
  nodegoat: () => realLock('OWASP__NodeGoat__9336e34a', 1),
  saleor: () => realLock('saleor__saleor__a7256643', 1),
  'scan-1500': () => scaledLock(1500, 25, PAIRS),
  'scan-5000': () => scaledLock(5000, 40, PAIRS),
  'scan-50000': () => scaledLock(50_000, 100, 1),
  'first-use': firstUse,
  build: mirrorBuild,
  delta,
  update,
  linearity,
  merge: sarifMerge,
};

if (only !== undefined && !Object.hasOwn(LINES, only)) {
  console.error(`expected one of ${Object.keys(LINES).join(', ')}, got ${only}`);
  process.exit(2);
}
header();
for (const [name, line] of Object.entries(LINES)) if (only === undefined || only === name) line();
if (write) {
  const target = join(ROOT, 'docs', 'performance.md');
  const text = readFileSync(target, 'utf8');
  const figures = `<!-- bench:begin -->\n\`\`\`text\n${lines.join('\n')}\n\`\`\`\n<!-- bench:end -->`;
  writeFileSync(
    target,
    text.replace(/<!-- bench:begin -->[\s\S]*<!-- bench:end -->/, () => figures),
  );
}

function print(text) {
  lines.push(text);
  console.log(text);
}

function header() {
  const plimsoll = execFileSync(process.execPath, [PROGRAM, '--version'], { encoding: 'utf8' }).trim();
  print(
    `plimsoll ${plimsoll}, Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}\n`,
  );
}

function startUp() {
  const empty = { command: [process.execPath, '-e', '0'] };
  for (const flag of ['--version', '--help']) {
    const { ours, theirs, ratio } = paired({ command: [process.execPath, PROGRAM, flag] }, empty, 21);
    print(
      `start-up ${flag}: ${show(ours)}; node -e 0: ${show(theirs)}; ${(1 / ratio).toFixed(2)}x (bar: 1.3x)`,
    );
  }
}

function realLock(folder, bar) {
  const { locks, archives } = corpus();
  compare(folder, join(locks, folder), 'shared', archives, bar, PAIRS);
}

function scaledLock(size, bar, theirRuns) {
  const scale = scaled();
  compare(`lock of ${size}`, join(scale, `lock-${size}`), 'scale', scale, bar, theirRuns);
}

/** One lock by both tools, the mirror in place, output to a file. */
function compare(title, project, records, archives, bar, theirRuns) {
  const ours = scanRun(project, mirror(records, archives));
  const theirs = osvRun(project, osvCache(records, archives));
  const detailed = scanRun(project, mirror(records, archives), 'json');
  once(detailed);
  const checked = once(theirs);
  const found = [ourFindings(detailed.output), osvFindings(theirs.output)];
  const lock = join(project, 'package-lock.json');
  const differences = symmetricDifference(...found).filter((key) => !KNOWN_DIFFERENCES.has(key));
  print(
    `${title}: package-lock.json ${sha256(lock).slice(0, 12)}, records ${records}; findings ${found[0].size} and ${found[1].size}`,
  );
  if (differences.length > 0) {
    print(
      `  no ratio: the two sides differ in ${differences.length} findings, such as ${differences.slice(0, 3).join('; ')}`,
    );
    return;
  }
  const result = paired(ours, theirs, PAIRS, theirRuns > 1 ? theirRuns : 0, checked);
  const note = theirRuns < PAIRS ? ` (${theirRuns} run of the peer against ${PAIRS} of ours)` : '';
  print(
    `  plimsoll ${show(result.ours)}\n  osv-scanner ${show(result.theirs)}\n  ${result.ratio.toFixed(1)}x faster${note} (bar: ${bar}x)`,
  );
}

function firstUse() {
  const scale = scaled();
  const project = join(scale, 'lock-1500');
  const db = join(scratch, 'first-use');
  const inputs = ['npm', 'PyPI'].map((name) => join(scale, name, 'all.zip'));
  const theirs = osvRun(project, osvCache('scale', scale));
  once(theirs);
  const times = Array.from({ length: 3 }, () => {
    rmSync(db, { recursive: true, force: true });
    const imported = once({ command: [process.execPath, PROGRAM, 'db', 'import', '--db', db, ...inputs] });
    return imported.seconds + once(scanRun(project, db)).seconds;
  });
  const warm = repeated(scanRun(project, db), 3);
  const peer = repeated(theirs, 3);
  print(
    `first use, lock of 1500: import and scan ${times.toSorted()[1].toFixed(2)} s, after that ${warm.seconds.toFixed(3)} s; osv-scanner ${peer.seconds.toFixed(2)} s each time`,
  );
}

function mirrorBuild() {
  const scale = scaled();
  const inputs = ['npm', 'PyPI'].map((name) => join(scale, name, 'all.zip'));
  const db = join(scratch, 'build');
  const runs = Array.from({ length: 3 }, () => {
    rmSync(db, { recursive: true, force: true });
    return once({ command: [process.execPath, PROGRAM, 'db', 'import', '--db', db, ...inputs] });
  });
  const worst = runs.toSorted((a, b) => a.seconds - b.seconds)[1];
  print(
    `mirror build, 220,000 records: ${worst.seconds.toFixed(2)} s, ${Math.round(worst.megabytes)} MB (bar: 10 s, 450 MB)`,
  );
}

/** 500 records that are new, as a database of this size gets them in a day or two. */
function changes() {
  return Array.from({ length: 500 }, (_, i) => ({
    id: `BENCH-${i}`,
    modified: '2026-11-02T00:00:00Z',
    affected: [{ package: { ecosystem: 'npm', name: `bench-${i}` }, versions: ['1.0.0'] }],
  }));
}

/** A copy of the large mirror, without the time that copying takes. */
function copied(name) {
  const db = join(scratch, name);
  rmSync(db, { recursive: true, force: true });
  cpSync(mirror('scale', scaled()), db, { recursive: true });
  return db;
}

function delta() {
  const folder = join(scratch, 'records');
  mkdirSync(folder, { recursive: true });
  const files = changes().map((record) => {
    const file = join(folder, `${record.id}.json`);
    writeFileSync(file, JSON.stringify(record));
    return file;
  });
  const runs = Array.from({ length: 5 }, () => {
    const db = copied('delta');
    return once({ command: [process.execPath, PROGRAM, 'db', 'import', '--db', db, ...files] });
  });
  const middle = runs.toSorted((a, b) => a.seconds - b.seconds)[2];
  print(
    `delta of 500 records on 220,000 (db import of their files): ${middle.seconds.toFixed(2)} s, ${Math.round(middle.megabytes)} MB (bar: 1 s)`,
  );
}

/** The same changes found by comparing 220,000 ids, as `db update` does. */
function update() {
  const bucket = join(scratch, 'bucket');
  const held = mirror('scale', scaled());
  once({ command: [process.execPath, PROGRAM, 'db', 'export', bucket, '--db', held] });
  const list = join(bucket, 'npm', 'modified_id.csv');
  const lines = changes().map(({ id, modified }) => `${modified},${id}\n`);
  writeFileSync(list, lines.join('') + readFileSync(list, 'utf8'));
  for (const record of changes())
    writeFileSync(join(bucket, 'npm', `${record.id}.json`), JSON.stringify(record));
  const args = ['db', 'update', '--offline', '--no-epss', '--no-kev', '--from', pathToFileURL(bucket).href];
  const runs = Array.from({ length: 5 }, () =>
    once({ command: [process.execPath, PROGRAM, ...args, '--db', copied('update')] }),
  );
  const middle = runs.toSorted((a, b) => a.seconds - b.seconds)[2];
  print(
    `db update that finds these 500 among 220,000 ids: ${middle.seconds.toFixed(2)} s, ${Math.round(middle.megabytes)} MB`,
  );
}

function linearity() {
  const scale = scaled();
  const db = mirror('scale', scale);
  const start = repeated({ command: [process.execPath, PROGRAM, '--version'] }, 5).seconds;
  const [small, large] = [5000, 50_000].map(
    (size) => repeated(scanRun(join(scale, `lock-${size}`), db), 5).seconds - start,
  );
  print(
    `linearity: 5,000 packages ${small.toFixed(3)} s, 50,000 packages ${large.toFixed(3)} s beyond start-up: ${(large / (10 * small)).toFixed(2)}x ten times (bar: 1.3x)`,
  );
}

/** Ten SARIF files of 5,000 results as one: we make findings of them and judge these, the peer puts runs side by side. */
function sarifMerge() {
  const { root, reports } = sarifReports();
  const binary = join(CACHE, 'sarif-multitool-5.7.0', 'Sarif.Multitool');
  if (!existsSync(binary)) execFileSync('bash', [join(ROOT, 'bench', 'peers.sh')], { stdio: 'inherit' });
  const [mine, peers] = ['ours', 'theirs'].map((name) => join(scratch, `${name}.sarif`));
  const ours = { command: [process.execPath, PROGRAM, 'sarif', ...reports, '-o', mine], cwd: root };
  const merge = ['merge', ...reports, '--output-file', peers, '--log', 'ForceOverwrite'];
  const theirs = { command: [binary, ...merge] };
  once(ours);
  once(theirs);
  const counts = [mine, peers].map(resultsByTool);
  const totals = counts.map((count) => [...count.values()].reduce((a, b) => a + b, 0));
  const digest = createHash('sha256').update(reports.map(sha256).join(' ')).digest('hex').slice(0, 12);
  print(`merge of ${reports.length} SARIF files, ${digest}: results ${totals.join(' and ')}`);
  if (totals[0] === 0 || JSON.stringify([...counts[0]]) !== JSON.stringify([...counts[1]])) {
    print('  no ratio: the two sides do not have the same number of results of each tool');
    return;
  }
  const result = paired(ours, theirs, PAIRS);
  print(
    `  plimsoll ${show(result.ours)}\n  sarif-multitool ${show(result.theirs)}\n  ${result.ratio.toFixed(1)}x faster (bar: 5x, under 200 MB)`,
  );
}

/** How many results a SARIF file has of each tool. */
function resultsByTool(file) {
  const { runs } = JSON.parse(readFileSync(file, 'utf8').replace(/^\ufeff/, ''));
  const counts = new Map();
  for (const { tool, results = [] } of runs) {
    const { name } = tool.driver;
    counts.set(name, (counts.get(name) ?? 0) + results.length);
  }
  return new Map([...counts].sort());
}

/** The mirror made of these archives, kept between runs of the script. */
function mirror(name, archives) {
  const inputs = ['npm', 'PyPI'].map((ecosystem) => join(archives, ecosystem, 'all.zip'));
  const db = join(CACHE, `mirror-${name}-${sha256(PROGRAM).slice(0, 8)}`);
  if (!existsSync(join(db, 'CURRENT')))
    once({ command: [process.execPath, PROGRAM, 'db', 'import', '--db', db, ...inputs] });
  return db;
}

/** SARIF where time is taken: like the peer's JSON it holds what was found, not the whole inventory. */
function scanRun(project, db, format = 'sarif') {
  const output = join(scratch, `ours.${format}`);
  const args = [
    'scan',
    project,
    '--offline',
    '--advisories',
    'mirror',
    '--db',
    db,
    '-o',
    `${format}=${output}`,
  ];
  return { command: [process.execPath, PROGRAM, ...args], ok: [0, 1, 3], output };
}

function osvRun(project, cache) {
  const output = join(scratch, 'osv.json');
  const binary = join(CACHE, 'osv-scanner-2.5.0', 'osv-scanner');
  if (!existsSync(binary)) execFileSync('bash', [join(ROOT, 'bench', 'peers.sh')], { stdio: 'inherit' });
  const args = ['scan', 'source', '--offline', '--no-resolve', '-f', 'json', '--output-file', output];
  return {
    command: [binary, ...args, '-L', `package-lock.json:${join(project, 'package-lock.json')}`],
    env: { XDG_CACHE_HOME: cache },
    ok: [0, 1],
    output,
  };
}

/** `name@version id` of every record that hit. */
function ourFindings(file) {
  const { findings, inventory } = JSON.parse(readFileSync(file, 'utf8'));
  const labels = new Map(inventory.components.map(({ ref, name, version }) => [ref, `${name}@${version}`]));
  const hits = findings.filter(({ kind }) => kind === 'vulnerability' || kind === 'malware');
  return new Set(
    hits.flatMap(({ component, detail }) => detail.records.map(({ id }) => `${labels.get(component)} ${id}`)),
  );
}

function osvFindings(file) {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const packages = report.results.flatMap((result) => result.packages);
  return new Set(
    packages.flatMap((p) => p.vulnerabilities.map((v) => `${p.package.name}@${p.package.version} ${v.id}`)),
  );
}

function symmetricDifference(a, b) {
  return [...a]
    .filter((key) => !b.has(key))
    .concat([...b].filter((key) => !a.has(key)))
    .sort();
}

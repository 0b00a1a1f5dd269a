// SPDX-License-Identifier: Apache-2.0
// Inputs of the benchmarks: real lock files and advisory archives, and large ones derived from them.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
export const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'plimsoll-bench');
const SHARED = join(ROOT, '..', 'shared');

/** Directory of real locks, and the archives; throws where the corpus is not there. */
export function corpus() {
  const data = join(SHARED, 'data');
  if (!existsSync(data)) throw new Error('the corpus ../shared/data is not there; nothing is measured');
  return { locks: join(data, 'lockfiles', 'package-lock'), archives: join(data, 'advisories') };
}

/** Locks with 1,500 to 50,000 packages and archives with 220,000 more records; made once, about a minute. */
export function scaled() {
  const out = join(CACHE, 'scale');
  if (!existsSync(join(out, '.complete'))) {
    mkdirSync(out, { recursive: true });
    execFileSync('python3', [join(SHARED, 'tools', 'scale.py'), out], { stdio: 'inherit' });
    execFileSync('touch', [join(out, '.complete')]);
  }
  return out;
}

/** A cache directory in which osv-scanner finds the archives of `from`. */
export function osvCache(name, from) {
  const home = join(CACHE, `osv-${name}`);
  for (const ecosystem of ['npm', 'PyPI']) {
    const target = join(home, 'osv-scalibr', ecosystem, 'all.zip');
    const source = join(from, ecosystem, 'all.zip');
    if (!existsSync(target) || sha256(target) !== sha256(source)) cpSync(source, target, { recursive: true });
  }
  return home;
}

const TOOLS = 10;
const RESULTS = 5000;
const RULES = 40;
const FILES = 250;
const LINES = 120;

/**
 * A tree of 250 files and, beside them, SARIF files of ten tools with 5,000 results each, always the same. The files are
 * there since an alert is known by its line: we read them.
 */
export function sarifReports() {
  const root = join(CACHE, 'sarif-10x5000');
  if (!existsSync(join(root, '.complete'))) {
    rmSync(root, { recursive: true, force: true });
    const draw = numbers();
    for (let file = 0; file < FILES; file++) writeSource(root, file, draw);
    for (let tool = 0; tool < TOOLS; tool++) writeReport(root, tool, draw);
    writeFileSync(join(root, '.complete'), '');
  }
  return { root, reports: Array.from({ length: TOOLS }, (_, tool) => join(root, `tool-${tool}.sarif`)) };
}

/** A linear congruential generator. */
function numbers() {
  let state = 1;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}

function sourcePath(file) {
  return `src/package${file % 25}/module${file}.py`;
}

function writeSource(root, file, draw) {
  const path = join(root, sourcePath(file));
  mkdirSync(dirname(path), { recursive: true });
  const line = (_, i) => `value_${i} = compute(${draw(1000)}, name_${draw(100)}, other_${file})\n`;
  writeFileSync(path, Array.from({ length: LINES }, line).join(''));
}

function writeReport(root, tool, draw) {
  const level = (rule) => ['error', 'warning', 'note'][rule % 3];
  const rules = Array.from({ length: RULES }, (_, rule) => ({
    id: `T${tool}-R${rule}`,
    name: `Rule${rule}`,
    shortDescription: { text: `Rule ${rule} of tool ${tool}` },
    fullDescription: { text: `Finds calls whose arguments are not checked before they are used (${rule}).` },
    help: { text: `Check the arguments of the call before they are used: chapter ${rule} of the manual.` },
    helpUri: `https://example.org/tool-${tool}/rules/${rule}`,
    defaultConfiguration: { level: level(rule) },
    properties: {
      tags: ['security', `external/cwe/cwe-${100 + rule}`],
      precision: 'high',
      'security-severity': `${2 + (rule % 7)}.5`,
    },
  }));
  const results = Array.from({ length: RESULTS }, () => {
    const [ruleIndex, file, line] = [draw(RULES), draw(FILES), 1 + draw(LINES)];
    const region = { startLine: line, endLine: line, startColumn: 1, endColumn: 9 + draw(20) };
    const artifactLocation = { uri: sourcePath(file), uriBaseId: '%SRCROOT%' };
    return {
      ruleId: `T${tool}-R${ruleIndex}`,
      ruleIndex,
      level: level(ruleIndex),
      message: {
        text: `The argument name_${draw(100)} of compute on line ${line} is not checked before it is used.`,
      },
      locations: [{ physicalLocation: { artifactLocation, region } }],
      partialFingerprints: { primaryLocationLineHash: `${draw(1 << 23).toString(16)}:1` },
    };
  });
  const driver = {
    name: `Tool ${tool}`,
    semanticVersion: '1.2.3',
    informationUri: 'https://example.org/',
    rules,
  };
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      { tool: { driver }, automationDetails: { id: `tool-${tool}/` }, columnKind: 'utf16CodeUnits', results },
    ],
  };
  writeFileSync(join(root, `tool-${tool}.sarif`), JSON.stringify(log, null, 2));
}

export function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

// SPDX-License-Identifier: Apache-2.0
// Builds dist/: the CLI as an ES module bundle that holds every runtime dependency, byte for byte the same on every
// machine, and THIRD-PARTY-LICENSES from what went into it. `--check` builds elsewhere and compares.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const check = process.argv.includes('--check');
const dist = join(root, 'dist');
const outdir = check ? mkdtempSync(join(tmpdir(), 'plimsoll-dist-')) : dist;

if (!check) rmSync(dist, { recursive: true, force: true });
const result = await build({
  absWorkingDir: root,
  entryPoints: { plimsoll: 'src/cli/main.ts' },
  outdir,
  entryNames: '[name]',
  chunkNames: 'chunk-[hash]',
  bundle: true,
  splitting: true,
  minify: true,
  keepNames: false,
  legalComments: 'none',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  charset: 'utf8',
  metafile: true,
  logLevel: 'warning',
  banner: {
    // CommonJS dependencies ask for `require`; the entry gets its interpreter line from here too.
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
});
const entry = join(outdir, 'plimsoll.js');
writeFileSync(entry, `#!/usr/bin/env node\n${readFileSync(entry, 'utf8')}`);
chmodSync(entry, 0o755);
const licenses = thirdPartyLicenses(Object.keys(result.metafile.inputs));

if (check) {
  const problems = compare(dist, outdir);
  if (
    !existsSync(join(root, 'THIRD-PARTY-LICENSES')) ||
    readFileSync(join(root, 'THIRD-PARTY-LICENSES'), 'utf8') !== licenses
  ) {
    problems.push('THIRD-PARTY-LICENSES');
  }
  rmSync(outdir, { recursive: true, force: true });
  if (problems.length > 0) {
    console.error(
      `dist/ is not what the sources build; run npm run build. Differences: ${problems.join(', ')}`,
    );
    process.exit(1);
  }
  console.log('dist/ is what the sources build');
} else {
  writeFileSync(join(root, 'THIRD-PARTY-LICENSES'), licenses);
  const bytes = readdirSync(dist).reduce((sum, name) => sum + readFileSync(join(dist, name)).length, 0);
  console.log(`dist/: ${readdirSync(dist).length} files, ${Math.round(bytes / 1024)} KiB`);
}

function compare(a, b) {
  const names = new Set([...(existsSync(a) ? readdirSync(a) : []), ...readdirSync(b)]);
  return [...names].sort().filter((name) => digest(join(a, name)) !== digest(join(b, name)));
}

function digest(file) {
  return existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : 'missing';
}

/** The licence text of every package that the bundle holds. */
function thirdPartyLicenses(inputs) {
  const packages = new Map();
  for (const input of inputs) {
    const at = input.lastIndexOf('node_modules/');
    if (at < 0) continue;
    const [scope, name] = input.slice(at + 'node_modules/'.length).split('/');
    const folder =
      input.slice(0, at) +
      join('node_modules', scope.startsWith('@') ? join(scope, name) : scope)
        .split(sep)
        .join('/');
    packages.set(folder, join(root, folder));
  }
  const parts = [...packages.keys()].sort().map((folder) => {
    const dir = packages.get(folder);
    const manifest = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
    const file = readdirSync(dir)
      .sort()
      .find((name) => /^(licen[cs]e|copying)/i.test(name));
    const text =
      file === undefined ? 'The package has no licence file.' : readFileSync(join(dir, file), 'utf8').trim();
    return `${manifest.name} ${manifest.version}\nLicense: ${manifest.license}\n\n${text}\n`;
  });
  return ['The files in dist/ contain the following packages.\n', ...parts].join(`\n${'-'.repeat(78)}\n\n`);
}

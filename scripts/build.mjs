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
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** The modules that it names end up in one file, which every other one imports. */
const CORE = 'src/cli/core.ts';
const check = process.argv.includes('--check');
const dist = join(root, 'dist');
const outdir = check ? mkdtempSync(join(tmpdir(), 'plimsoll-dist-')) : dist;

if (!check) rmSync(dist, { recursive: true, force: true });
const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  legalComments: 'none',
  platform: 'node',
  target: 'node20.19',
  charset: 'utf8',
  metafile: true,
  logLevel: 'warning',
};
const program = await build({
  ...common,
  entryPoints: { program: 'src/cli/program.ts' },
  outdir,
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunk-[hash]',
  splitting: true,
  format: 'esm',
  plugins: [withoutProcesses(), withoutOptionalPeers(), withCore()],
  // CommonJS dependencies ask for `require`.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
});
const { helpText } = await import(pathToFileURL(join(outdir, 'program.mjs')).href);
const entry = await build({
  ...common,
  entryPoints: { plimsoll: 'src/cli/main.ts' },
  outdir,
  format: 'cjs',
  define: { PLIMSOLL_HELP: JSON.stringify(helpText()) },
  plugins: [
    {
      name: 'program',
      setup: ({ onResolve }) =>
        onResolve({ filter: /^\.\/program\.ts$/ }, () => ({ path: './program.mjs', external: true })),
    },
  ],
  banner: { js: '#!/usr/bin/env node' },
});
// The package is `type: module`; the entry is not.
writeFileSync(join(outdir, 'package.json'), '{ "type": "commonjs" }\n');
chmodSync(join(outdir, 'plimsoll.js'), 0o755);
const licenses = thirdPartyLicenses([program, entry].flatMap(({ metafile }) => Object.keys(metafile.inputs)));

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

/**
 * commander loads node:child_process for subcommands that are programs of their own, which plimsoll has none of. Left
 * out, the bundle cannot start a process that way, and every command starts faster by the loading of node:net.
 */
function withoutProcesses() {
  return {
    name: 'without-processes',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
        importer.includes(`${sep}commander${sep}`)
          ? { path: 'child_process', namespace: 'absent' }
          : undefined,
      );
      onLoad({ filter: /^/, namespace: 'absent' }, () => ({
        contents: 'module.exports = {};',
        loader: 'js',
      }));
    },
  };
}

/**
 * Lets every module of our own import the core, so that esbuild puts what the core names into one file. The imports are
 * for their place alone; as modules without side effects they would be left out.
 */
function withCore() {
  const source = join(root, 'src') + sep;
  const core = join(root, CORE);
  const importsCore = `import ${JSON.stringify(core)};`;
  return {
    name: 'with-core',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\.ts$/ }, ({ importer, resolveDir, path }) =>
        importer.startsWith(source) ? { path: resolve(resolveDir, path), sideEffects: true } : undefined,
      );
      onLoad({ filter: /\.ts$/ }, ({ path }) =>
        path.startsWith(source) && path !== core
          ? { contents: importsCore + readFileSync(path, 'utf8'), loader: 'ts' }
          : undefined,
      );
    },
  };
}

/**
 * The CycloneDX library asks for XML and validation plug-ins if they happen to be installed. Empty here, so that the
 * bundle never loads what somebody put into a `node_modules` above it.
 */
function withoutOptionalPeers() {
  return {
    name: 'without-optional-peers',
    setup({ onResolve, onLoad }) {
      onResolve(
        { filter: /^(xmlbuilder2|libxmljs2|ajv|ajv-formats|ajv-formats-draft2019)$/ },
        ({ path }) => ({ path, namespace: 'absent-peer' }),
      );
      onLoad({ filter: /^/, namespace: 'absent-peer' }, () => ({
        contents: 'module.exports = {};',
        loader: 'js',
      }));
    },
  };
}

/** The licence text of every package that the bundle holds. */
function thirdPartyLicenses(inputs) {
  const packages = new Map();
  for (const input of inputs) {
    const at = input.lastIndexOf('node_modules/');
    if (at < 0 || input.startsWith('absent')) continue;
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

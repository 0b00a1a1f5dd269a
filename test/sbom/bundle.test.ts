// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { build, type Plugin } from 'esbuild';
import { expect, it } from 'vitest';
import { REPO_ROOT } from '../support/shared-data.ts';

it('runs from a bundle, without the optional peers of the library', async () => {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `
        import { renderCycloneDx } from './src/sbom/cyclonedx.ts';
        const inventory = { projects: [], components: [], dependencies: [], skipped: [] };
        const tool = { name: 'plimsoll', version: '1' };
        const chunks = renderCycloneDx({ inventory, coverage: [], subject: {}, tool, timestamp: new Date(0) });
        process.stdout.write([...chunks].join(''));`,
      resolveDir: REPO_ROOT,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
    plugins: [emptyModule('xmlbuilder2')],
  });
  const output = execFileSync(process.execPath, ['--input-type=module', '-'], {
    input: outputFiles[0]?.contents,
  });
  expect(JSON.parse(output.toString('utf8'))).toMatchObject({ specVersion: '1.6', components: [] });
  const foreign = Object.keys(metafile.inputs).filter((file) => file.includes('node_modules/'));
  expect(foreign.filter((file) => !file.includes('node_modules/@cyclonedx/'))).toEqual([]);
});

function emptyModule(name: string): Plugin {
  return {
    name: 'empty-module',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: new RegExp(`^${name}$`) }, ({ path }) => ({ path, namespace: 'empty' }));
      onLoad({ filter: /./, namespace: 'empty' }, () => ({ contents: '' }));
    },
  };
}

// SPDX-License-Identifier: Apache-2.0
// Writes source, test and fixture of a new collector and prints the lines to add by hand.
//   npm run new:collector -- python/uv-lock uv.lock
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const SCRIPTS = dirname(fileURLToPath(import.meta.url));
const ECOSYSTEMS = { python: 'PyPI', javascript: 'npm' };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { root: { type: 'string', default: join(SCRIPTS, '..') } },
});
const [place = '', file = ''] = positionals;
const [folder = '', id = '', ...deeper] = place.split('/');

if (
  deeper.length > 0 ||
  !Object.hasOwn(ECOSYSTEMS, folder) ||
  !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id) ||
  !/^[\w.-]+$/.test(file)
) {
  fail(
    'usage: npm run new:collector -- FOLDER/ID FILE, e.g. python/uv-lock uv.lock; FOLDER is python or javascript',
  );
}
const words = {
  id,
  folder,
  file,
  export: id.replace(/-(.)/g, (_, letter) => letter.toUpperCase()),
  ecosystem: ECOSYSTEMS[folder],
};
const targets = {
  'source.ts.txt': `src/collectors/${folder}/${id}.ts`,
  'test.ts.txt': `test/collectors/${folder}/${id}.test.ts`,
  'fixture.txt': `fixtures/collectors/${id}/minimal/${file}`,
};
for (const target of Object.values(targets)) {
  if (existsSync(join(values.root, target))) fail(`${target}: exists already`);
}
for (const [template, target] of Object.entries(targets)) {
  const text = readFileSync(join(SCRIPTS, 'templates', 'collector', template), 'utf8');
  mkdirSync(dirname(join(values.root, target)), { recursive: true });
  writeFileSync(
    join(values.root, target),
    text.replace(/\{\{(\w+)\}\}/g, (_, word) => words[word]),
  );
  console.log(`wrote ${target}`);
}
console.log(`
Add by hand:
  src/collectors/index.ts        import { ${words.export} } from './${folder}/${id}.ts';  and ${words.export} to COLLECTORS
  src/collectors/unsupported.ts  take ${file} out of UNSUPPORTED_FORMATS where it stands there
  docs/collectors.md             | \`${id}\` | \`${file}\` | what is read |
  .changeset/                    npx changeset
The steps are in docs/adding-a-collector.md.`);

function fail(message) {
  console.error(message);
  process.exit(2);
}

// SPDX-License-Identifier: Apache-2.0
// Writes docs/images/scan.svg: the head and the end of a scan of the example shop, as a terminal shows it. `--check`
// compares instead.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, 'docs', 'images', 'scan.svg');
const COLORS = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 36: '#79c0ff' };
const CELL = { width: 8.4, height: 19 };
const SHOWN = ['plimsoll 0', 'aiohttp', 'pillow', 'tinymce', 'Suppressed', 'fail,'];

const args = ['scan', 'fixtures/storefront', '--advisories', 'bundled'];
const { stdout } = spawnSync(process.execPath, [join(root, 'dist', 'plimsoll.js'), ...args], {
  cwd: root,
  encoding: 'utf8',
  env: { FORCE_COLOR: '1', COLUMNS: '100', HOME: '/nonexistent' },
});
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escape sequences
const plain = (text) => text.replace(/\u001b\[[\d;]*m/g, '');
const blocks = stdout
  .trimEnd()
  .split(/\n\n|\n(?=\S*fail, )/)
  .filter((block) => SHOWN.some((start) => plain(block).startsWith(start)));
const lines = ['$ plimsoll scan', '', ...blocks.flatMap((block) => [...block.split('\n'), ''])].slice(0, -1);
const svg = draw(lines);

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== svg) {
    console.error('docs/images/scan.svg is not what the program prints; run: npm run docs');
    process.exit(1);
  }
} else {
  writeFileSync(target, svg);
  console.log('docs/images/scan.svg');
}

function draw(rows) {
  const width = Math.ceil(Math.max(...rows.map((row) => [...plain(row)].length)) * CELL.width) + 32;
  const height = rows.length * CELL.height + 32;
  const text = rows.map((row, i) => `<text x="16" y="${28 + i * CELL.height}">${spans(row)}</text>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    '<title>A scan of the example shop: findings by package with path and fix, licences, gaps, the verdict in one line</title>',
    `<rect width="${width}" height="${height}" rx="8" fill="#161b22"/>`,
    '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" fill="#e6edf3">',
    ...text,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** Text with its colours as tspans. */
function spans(row) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escape sequences
  return row.replace(/\u001b\[([\d;]*)m([^\u001b]*)\u001b\[0m|([^\u001b]+)/g, (_, codes, painted, bare) =>
    bare === undefined ? `<tspan${attributes(codes.split(';'))}>${xml(painted)}</tspan>` : xml(bare),
  );
}

function attributes(codes) {
  const color = codes.map((code) => COLORS[code]).find((found) => found !== undefined);
  const bold = codes.includes('1') ? ' font-weight="bold"' : '';
  return `${color === undefined ? '' : ` fill="${color}"`}${codes.includes('2') ? ' fill="#8b949e"' : ''}${bold}`;
}

function xml(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(' ', '\u00a0');
}

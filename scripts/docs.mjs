// SPDX-License-Identifier: Apache-2.0
// Keeps what programs print current in the documents:
//   <!-- run: plimsoll scan --help --> ... <!-- /run -->   the output of the built program, run at the root
//   <!-- run: ...; keep: A, B --> ... <!-- /run -->        only the paragraphs that begin so, and the verdict
//   <!-- corpus:begin --> ... <!-- corpus:end -->          the table of docs/collectors.md
//
//   npm run docs              writes the documents
//   npm run docs -- --check   exits 1 where one is not current
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const RUN =
  /(<!-- run: (plimsoll|node dist\/plimsoll\.js) ([^;>]+?)(?:; keep: ([^>]+?))? -->)\n[\s\S]*?<!-- \/run -->/g;
const CORPUS = /<!-- corpus:begin -->\n[\s\S]*?<!-- corpus:end -->/;
const check = process.argv.includes('--check');
const corpusTable = CORPUS.exec(readFileSync(join(ROOT, 'docs', 'collectors.md'), 'utf8'))?.[0] ?? '';

for (const name of ['README.md', 'docs/commands.md']) {
  const file = join(ROOT, name);
  const text = readFileSync(file, 'utf8');
  const current = text.replace(CORPUS, () => corpusTable).replace(RUN, example);
  if (current === text) continue;
  if (!check) {
    writeFileSync(file, current);
    console.log(name);
    continue;
  }
  console.error(`${name} is not what the program prints; run: npm run docs`);
  process.exitCode = 1;
}

function example(_, marker, program, args, keep) {
  const { stdout } = spawnSync(process.execPath, [join(ROOT, 'dist', 'plimsoll.js'), ...args.split(' ')], {
    cwd: ROOT,
    encoding: 'utf8',
    // No terminal, no colours, 80 columns, nobody's mirror.
    env: { PATH: process.env.PATH, HOME: '/nonexistent' },
  });
  const output = keep === undefined ? stdout.trimEnd() : trim(stdout.trimEnd(), keep.split(', '));
  return `${marker}\n\n\`\`\`console\n$ ${program} ${args}\n${output}\n\`\`\`\n\n<!-- /run -->`;
}

/**
 * The paragraphs that begin with one of the words, and the verdict, which is the last line with those that it is
 * continued on; an ellipsis stands for what is left out.
 */
function trim(output, words) {
  const shown = [];
  for (const paragraph of output.split('\n\n')) {
    if (words.some((word) => paragraph.startsWith(word))) shown.push(paragraph);
    else if (shown.at(-1) !== '…') shown.push('…');
  }
  const lines = output.split('\n');
  const verdict = lines.slice(lines.findLastIndex((line) => !line.startsWith(' ')));
  return `${shown.join('\n\n')}\n${verdict.join('\n')}`;
}

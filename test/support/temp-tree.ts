// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A symbolic link in a {@link tempTree}. */
export function link(target: string): { readonly target: string } {
  return { target };
}

type Files = Readonly<Record<string, string | Uint8Array | { readonly target: string }>>;

/** Writes a tree to a fresh directory, which goes when the test ends. Returns its real path. */
export function tempTree(files: Files): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'plimsoll-test-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  writeTree(root, files);
  return root;
}

export function writeTree(root: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    if (typeof content === 'object' && 'target' in content) symlinkSync(content.target, file);
    else writeFileSync(file, content);
  }
}

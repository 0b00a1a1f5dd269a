// SPDX-License-Identifier: Apache-2.0

/** What a tool printed, as JSON; undefined where it is none. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `: ` and the last thing that it said, which is why it stopped. */
export function lastLine(stderr: string): string {
  const line = stderr.trim().split('\n').at(-1)?.trim() ?? '';
  return line === '' ? '' : `: ${line.slice(0, 200)}`;
}

/** No report tells of the machine: paths in the tree without the place of the tree. */
export function withoutRoot(text: string, root: string): string {
  return text.replaceAll(`${root}/`, '');
}

// SPDX-License-Identifier: Apache-2.0

// One encoder per sink. Names, paths, licences and messages come from scanned files and from advisory records;
// none of them may start a line, an escape sequence, a table cell, a link or a workflow command in a report.

/**
 * C0 and C1 controls, DEL, the bidi controls and the invisible separators that can reorder or hide text
 * (https://trojansource.codes), and lone surrogates.
 */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Replaces what cannot be seen by a visible `\u{hex}`. */
export function visible(text: string): string {
  return text.replace(UNSAFE, (c) => `\\u{${c.charCodeAt(0).toString(16)}}`);
}

/**
 * For a terminal and for the log of GitHub Actions, where a line that starts with `::` (after blanks) or that
 * holds `##[` is a command to the runner, and for Azure Pipelines, where `##vso[` is.
 * @see https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function terminal(text: string): string {
  return visible(text)
    .replace(/::/g, ': :')
    .replace(/##(?=\[|vso\[)/g, '# #');
}

/** Percent-encodes a relative path as a URI reference, segment by segment. */
export function uriReference(path: string): string {
  return path
    .toWellFormed()
    .split('/')
    .map((segment) => encodeURIComponent(segment).replace(/[!'()*]/g, hex))
    .join('/');
}

/**
 * For a cell or a paragraph of GitHub Flavored Markdown: every ASCII punctuation character that can begin
 * markup becomes a character reference, so that no text becomes a link, an image, a mention, HTML or a new cell.
 * References, unlike backslashes, also hold inside table cells and are not undone by a preceding backslash.
 */
export function markdown(text: string): string {
  return (
    visible(text)
      .replace(/[&<>"'\\`*_[\]#|~@:$]/g, (c) => `&#${c.charCodeAt(0)};`)
      // `www.` and bare e-mail addresses become links without any markup.
      .replace(/www\./gi, (www) => `${www.slice(0, 3)}&#46;`)
      .replace(/^(\s*)([-+]|\d(?=\d*[.)]))/, (_, blank: string, c: string) => `${blank}&#${c.charCodeAt(0)};`)
  );
}

/**
 * Monospaced text in a cell or a paragraph. As HTML, because a Markdown code span in a table cannot hold a backslash
 * before a pipe.
 */
export function markdownCode(text: string): string {
  return `<code>${markdown(text)}</code>`;
}

/**
 * For the plain text of a SARIF message: `[x](1)` would be an embedded link and `{0}` a placeholder.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html (3.11.5, 3.11.6)
 */
export function sarifText(text: string): string {
  return visible(text)
    .replace(/[\\[\]]/g, (c) => `\\${c}`)
    .replaceAll('{', '{{')
    .replaceAll('}', '}}');
}

function hex(c: string): string {
  return `%${c.charCodeAt(0).toString(16).toUpperCase()}`;
}

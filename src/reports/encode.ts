// SPDX-License-Identifier: Apache-2.0

// One encoder per sink. Names, paths, licences and messages come from scanned files and from advisory records;
// none of them may start a line, an escape sequence, a table cell, a link or a workflow command in a report.

/**
 * Controls, what reorders or hides text (https://trojansource.codes), line separators, lone surrogates, and all else
 * that is not drawn: tags and variation selectors can carry a text of their own.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** What most texts are made of, and nothing else: much faster to tell than that nothing unsafe is in them. */
const PLAIN = /^[ -~]*$/;

/** The same without what means something in a message of SARIF. */
const PLAIN_IN_SARIF = /^[ -Z^-z|~]*$/;

/** Replaces what cannot be seen by a visible `\u{hex}`. */
export function visible(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(UNSAFE, (c) => `\\u{${c.codePointAt(0)?.toString(16)}}`);
}

/**
 * For a terminal and for the log of GitHub Actions, where a line that starts with `::` (after blanks) or that
 * holds `##[` is a command to the runner, and for Azure Pipelines, where `##vso[` is. No `::` stays, so that the
 * text can be wrapped at any place.
 * @see https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function terminal(text: string): string {
  return visible(text)
    .replace(/:(?=:)/g, ': ')
    .replace(/##(?=\[|vso\[)/g, '# #');
}

/** Percent-encodes a relative path as a URI reference, segment by segment. */
export function uriReference(path: string): string {
  if (/^[\w./~-]*$/.test(path)) return path;
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
  if (PLAIN_IN_SARIF.test(text)) return text;
  return visible(text)
    .replace(/[\\[\]]/g, (c) => `\\${c}`)
    .replaceAll('{', '{{')
    .replaceAll('}', '}}');
}

function hex(c: string): string {
  return `%${c.charCodeAt(0).toString(16).toUpperCase()}`;
}

// SPDX-License-Identifier: Apache-2.0

/** Text as literal Markdown, for the help of rules. */
export function markdownText(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, '\\$&');
}

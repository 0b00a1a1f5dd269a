// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';

/** Texts that would forge something in at least one sink if they were written as they are. */
export const HOSTILE_TEXTS: readonly string[] = [
  'a\n::error title=PWN::owned',
  '\r\n  ::set-output name=x::y',
  '##[error]x ##vso[task.complete result=Succeeded;]done',
  `${'wrapped '.repeat(20)}:::error::x ###[error]x`,
  '\u001b[31mred\u001b[0m\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007',
  'x | y | z\n|---|---|',
  '[click](https://evil.example) ![i](https://evil.example/x.png) @org/team #12 <img src=x onerror=alert(1)>',
  '`code` ``` fence \\` \\| &lt; &#124; **bold** ~~x~~ $math$',
  'https://evil.example www.evil.example me@evil.example',
  '<!-- comment --> <details><summary>',
  '\u202egnp.exe\u2066 \u200bzero\u00adwidth\u2028line \u009b31m \u{e0041}tag\u3164',
  '{0} {{1}} [x](1) \\[y\\]',
  '=cmd|/c calc!A1',
  '# heading\n- list\n1. one\n> quote\n---',
  '__proto__',
  '\ud800 lone',
];

/** Arbitrary text with a bias for the characters that matter to some sink. */
export function hostileText(): fc.Arbitrary<string> {
  const spice = fc.constantFrom(
    ...HOSTILE_TEXTS,
    ...'|`*_[]()<>&\\#@:!~$%{}"\'\n\r\t\u001b\u0000\u0085\u202e'.split(''),
  );
  return fc
    .array(fc.oneof(spice, fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 8 })
    .map((parts) => parts.join(''));
}

// SPDX-License-Identifier: Apache-2.0

/**
 * Beginnings of tokens that their issuers publish, with what may follow. They tell the kind of a token and nothing of
 * its value, so a mask keeps them; a text in which one is found is blanked even where no tool reported it.
 */
const TOKEN_TYPES: readonly (readonly [prefix: string, rest: RegExp])[] = [
  ['github_pat_', /[A-Za-z0-9_]{20,}/],
  ['ghp_', /[A-Za-z0-9]{20,}/],
  ['gho_', /[A-Za-z0-9]{20,}/],
  ['ghu_', /[A-Za-z0-9]{20,}/],
  ['ghs_', /[A-Za-z0-9]{20,}/],
  ['ghr_', /[A-Za-z0-9]{20,}/],
  ['glpat-', /[\w-]{16,}/],
  ['gldt-', /[\w-]{16,}/],
  ['AKIA', /[A-Z0-9]{12,}/],
  ['ASIA', /[A-Z0-9]{12,}/],
  ['AIza', /[\w-]{30,}/],
  ['GOCSPX-', /[\w-]{20,}/],
  ['ya29.', /[\w-]{20,}/],
  ['xoxb-', /[\w-]{10,}/],
  ['xoxp-', /[\w-]{10,}/],
  ['xapp-', /[\w-]{10,}/],
  ['sk_live_', /[A-Za-z0-9]{10,}/],
  ['sk_test_', /[A-Za-z0-9]{10,}/],
  ['rk_live_', /[A-Za-z0-9]{10,}/],
  ['whsec_', /[A-Za-z0-9+/=]{10,}/],
  ['sk-ant-', /[\w-]{20,}/],
  ['sk-proj-', /[\w-]{20,}/],
  ['npm_', /[A-Za-z0-9]{30,}/],
  ['pypi-', /[\w-]{30,}/],
  ['SG.', /[\w.-]{30,}/],
  ['hf_', /[A-Za-z0-9]{20,}/],
  ['dop_v1_', /[a-f0-9]{30,}/],
  ['hvs.', /[\w-]{20,}/],
  ['shpat_', /[a-fA-F0-9]{20,}/],
  ['lin_api_', /[A-Za-z0-9]{20,}/],
  ['dckr_pat_', /[\w-]{20,}/],
  ['eyJ', /[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/],
];

const TOKENS = new RegExp(
  TOKEN_TYPES.map(([prefix, rest]) => `(?<![A-Za-z0-9])${prefix.replaceAll('.', '\\.')}${rest.source}`).join(
    '|',
  ),
  'g',
);
/** Whether a text can hold one: much faster, and most hold none. */
const BEGINNING = new RegExp(TOKEN_TYPES.map(([prefix]) => prefix.replaceAll('.', '\\.')).join('|'));
/** The user's part of an address, with a password in it. */
const URL_PASSWORD = /\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@:]{0,200}:[^\s/@]{1,200}@/gi;
const PRIVATE_KEY =
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]{0,20000}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g;

/** Shorter texts stand in many words, and blanking them would tell more than it hides. */
const SHORTEST = 4;

/** What may be shown of a secret: the published prefix of its type, and `***`, whatever its length. */
export function maskOf(secret: string): string {
  const [prefix] = TOKEN_TYPES.find(([each]) => secret.startsWith(each)) ?? [''];
  return prefix === 'eyJ' ? '***' : `${prefix}***`;
}

/** Blanks secrets in texts that come from tools: those given, and what looks like a token, a key or a password. */
export function scrubber(secrets: Iterable<string>): (text: string) => string {
  const known = [...new Set(secrets)]
    .filter((secret) => secret.length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let scrubbed = text;
    for (const secret of known) scrubbed = scrubbed.replaceAll(secret, maskOf(secret));
    // Each is looked for by a part of it first: there are as many texts as there are findings.
    if (scrubbed.includes('PRIVATE KEY-----')) scrubbed = scrubbed.replace(PRIVATE_KEY, '***');
    if (BEGINNING.test(scrubbed)) scrubbed = scrubbed.replace(TOKENS, (token) => maskOf(token));
    return scrubbed.includes('://') ? scrubbed.replace(URL_PASSWORD, '$1***@') : scrubbed;
  };
}

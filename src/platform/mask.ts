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
/**
 * The user's part of an address, which may be a token; but not the name by which everybody asks a repository. One slash
 * is what the resolution of paths leaves of two.
 */
const URL_USER = /\b([a-z][a-z0-9+.-]{1,20}:\/{1,2})(?!(?:git|hg|svn|bzr)@)[^\s/@]{1,400}@/gi;
const PRIVATE_KEY =
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]{0,20000}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g;

/** What is given to a variable or an option whose name says that it is secret, to the end of the line or of a quotation. */
const ASSIGNED =
  /((?:passw(?:or)?d|passphrase|secret(?!s)|token|pwd|api[_-]?key|credentials?|authorization)\w{0,20}["']?[ \t]{0,3}=(?!=)[ \t]{0,3}["']?)[^"'\r\n]{1,1000}/gi;

/** Shorter texts stand in many words, and blanking them would tell more than it hides. */
const SHORTEST = 4;
/** No token is shorter, nor is a name and what is assigned to it. */
const SHORTEST_TOKEN = 7;

/** What may be shown of a secret: the published prefix of its type, and `***`, whatever its length. */
export function maskOf(secret: string): string {
  const [prefix] = TOKEN_TYPES.find(([each]) => secret.startsWith(each)) ?? [''];
  return prefix === 'eyJ' ? '***' : `${prefix}***`;
}

/** A message, or an excerpt of a file that was not understood, without what looks like a secret. */
export function withoutSecrets(text: string): string {
  return text.length < SHORTEST_TOKEN ? text : blankTokens(text).replace(ASSIGNED, '$1***');
}

/** Blanks secrets in texts that come from tools: those given, and what looks like a token, a key or a password. */
export function scrubber(secrets: Iterable<string>): (text: string) => string {
  const known = [...new Set(secrets)]
    .filter((secret) => secret.length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let scrubbed = text;
    for (const secret of known) scrubbed = scrubbed.replaceAll(secret, maskOf(secret));
    return blankTokens(scrubbed);
  };
}

/** Each is looked for by a part of it first: there are as many texts as there are findings. */
function blankTokens(text: string): string {
  let blanked = text;
  if (blanked.includes('PRIVATE KEY-----')) blanked = blanked.replace(PRIVATE_KEY, '***');
  if (BEGINNING.test(blanked)) blanked = blanked.replace(TOKENS, (token) => maskOf(token));
  return blanked.includes('@') ? blanked.replace(URL_USER, '$1***@') : blanked;
}

// SPDX-License-Identifier: Apache-2.0

/** Made up, in the published forms; split so that no scanner of this repository takes them for real. */
const TOKENS: readonly string[] = [
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map(
    (prefix, i) => `${prefix}aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG${i}`,
  ),
  `github_pat_${'1'.repeat(22)}_${'a1B2'.repeat(14)}`,
  `AKIA${'Q7PL3MNX9RTV2KWD'}`,
  `ASIA${'Z8PL3MNX9RTV2KWD'}`,
  `glpat-${'x9Kd3Lm7Qr2Ts5Vw8Yz1'}`,
  `xoxb-${'123456789012-abcdefABCDEF'}`,
  `xoxp-${'123456789012-ghijklGHIJKL'}`,
  `sk_live_${'4eC39HqLyjWDarjtT1zdp7dc'}`,
  `rk_live_${'5fD48IrMzkXEbsktU2aeq8ed'}`,
  `npm_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}`,
  `pypi-${'AgEIcHlwaS5vcmcCJDEyMzQ1Njc4LTEyMzQtMTIzNA'}`,
  `SG.${'ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf09kqeF8tAmbihYzrnopKc'}`,
  `hf_${'zYxWvUtSrQpOnMlKjIhGfEdCbAzYxWvUtS'}`,
  `AIza${'SyD4k9Lm2Nq7Pr3St8Uv1Wx6Yz0Ab5Cd9Ef'}`,
  `GOCSPX-${'aBcDeFgHiJkLmNoPqRsTuVwX'}`,
  `dop_v1_${'a1b2c3d4'.repeat(8)}`,
  `hvs.${'CAESIJ1234567890abcdefghij'}`,
  `shpat_${'e5f6a7b8'.repeat(4)}`,
  `lin_api_${'aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0'}`,
  `dckr_pat_${'bC2dE3fG4hI5jK6lM7nO8pQ'}`,
  `sk-ant-${'api03-cD3eF4gH5iJ6kL7mN8oP9qR0'}`,
  `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${'dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P'}`,
  `whsec_${'cD1eF2gH3iJ4kL5mN6oP7qR8'}`,
];

/** Told from other words by where they stand alone. */
const PASSWORDS: readonly string[] = [
  'Tr0ub4dor-and-3-more',
  'correct horse battery staple',
  'postgres-password-99',
];

export const PLANTED: readonly string[] = [...PASSWORDS, ...TOKENS];
export const PLANTED_TOKENS = TOKENS;

/**
 * The planted secrets of which a text holds the whole, or the part behind the published beginning: as it is, in an
 * address, in a header, between the references of Markdown, or broken into lines.
 */
export function leaksIn(text: string): string[] {
  const decoded = text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
  const plain = `${text}\n${decoded}`;
  const haystack = `${plain}\n${plain.replace(/\s+/g, '')}`.toLowerCase();
  return PLANTED.filter((secret) =>
    spellings(secret).some((spelling) => haystack.includes(spelling.toLowerCase())),
  );
}

function spellings(secret: string): string[] {
  const parts = [secret, secret.slice(-16)];
  const headers = [secret, `user:${secret}`, `:${secret}`].map((each) =>
    Buffer.from(each).toString('base64').replace(/=+$/, ''),
  );
  return [
    ...parts,
    ...parts.map(encodeURIComponent),
    ...parts.map((part) => part.replace(/\s/g, '')),
    ...headers,
  ];
}

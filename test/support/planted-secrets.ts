// SPDX-License-Identifier: Apache-2.0

/** Made up, in the published forms; split so that no scanner of this repository takes them for real. */
export const PLANTED: readonly string[] = [
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map(
    (prefix) => `${prefix}aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5`,
  ),
  `github_pat_${'1'.repeat(22)}_${'a1B2'.repeat(14)}`,
  `AKIA${'Q7PL3MNX9RTV2KWD'}`,
  `ASIA${'Q7PL3MNX9RTV2KWD'}`,
  `glpat-${'x9Kd3Lm7Qr2Ts5Vw8Yz1'}`,
  `xoxb-${'123456789012-abcdefABCDEF'}`,
  `xoxp-${'123456789012-abcdefABCDEF'}`,
  `sk_live_${'4eC39HqLyjWDarjtT1zdp7dc'}`,
  `rk_live_${'4eC39HqLyjWDarjtT1zdp7dc'}`,
  `npm_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}`,
  `pypi-${'AgEIcHlwaS5vcmcCJDEyMzQ1Njc4LTEyMzQtMTIzNA'}`,
  `SG.${'ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf09kqeF8tAmbihYzrnopKc'}`,
  `hf_${'aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgH'}`,
  `AIza${'SyD4k9Lm2Nq7Pr3St8Uv1Wx6Yz0Ab5Cd9Ef'}`,
  `GOCSPX-${'aBcDeFgHiJkLmNoPqRsTuVwX'}`,
  `dop_v1_${'a1b2c3d4'.repeat(8)}`,
  `hvs.${'CAESIJ1234567890abcdefghij'}`,
  `shpat_${'a1b2c3d4'.repeat(4)}`,
  `lin_api_${'aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0'}`,
  `dckr_pat_${'aB1cD2eF3gH4iJ5kL6mN7oP'}`,
  `sk-ant-${'api03-aB1cD2eF3gH4iJ5kL6mN7oP8'}`,
  `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${'dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P'}`,
  `whsec_${'aB1cD2eF3gH4iJ5kL6mN7oP8'}`,
  'Tr0ub4dor-and-3-more',
  'correct horse battery staple',
  'postgres-password-99',
];

/** The planted secrets of which a text holds the whole, or the part behind the published beginning, in any spelling. */
export function leaksIn(text: string): string[] {
  const plain = text.toLowerCase();
  return PLANTED.filter((secret) =>
    [secret, secret.slice(-16)]
      .flatMap((part) => [part, encodeURIComponent(part), Buffer.from(part).toString('base64').slice(0, -4)])
      .some((part) => plain.includes(part.toLowerCase())),
  );
}

// SPDX-License-Identifier: Apache-2.0
import type { Severity } from '../model/finding.ts';

/**
 * Severity of Hadolint's rules by their default level: what breaks a build (error) is medium, bad practice (warning) is
 * low, info and style say nothing of security. A rule that Trivy or Checkov knows as a weakness is rated as there.
 * @see https://github.com/hadolint/hadolint#rules
 */
export const HADOLINT_RULES: ReadonlyMap<string, Severity> = new Map(
  (
    [
      ['high', 'DL3002'],
      ['medium', 'DL3004 DL3006 DL3007 DL3026 DL3064 DL4007'],
      // error
      ['medium', 'DL3000 DL3011 DL3012 DL3020 DL3021 DL3023 DL3024 DL3043 DL3044 DL3061 DL4000 DL4004'],
      // warning
      [
        'low',
        'DL3003 DL3008 DL3013 DL3014 DL3016 DL3018 DL3022 DL3025 DL3027 DL3028 DL3029 DL3030 DL3032 DL3033',
      ],
      [
        'low',
        'DL3034 DL3035 DL3036 DL3037 DL3038 DL3040 DL3041 DL3042 DL3045 DL3046 DL3051 DL3052 DL3053 DL3054',
      ],
      ['low', 'DL3055 DL3056 DL3058 DL3062 DL3063 DL3065 DL3067 DL4001 DL4003 DL4005 DL4006'],
      // info, style, and rules that are off unless they are asked for
      [
        'info',
        'DL1001 DL3001 DL3009 DL3010 DL3015 DL3019 DL3047 DL3048 DL3049 DL3050 DL3057 DL3059 DL3060 DL3066',
      ],
      ['info', 'DL3068 DL3069 DL3071 DL3073'],
    ] as const
  ).flatMap(([severity, ids]) => ids.split(' ').map((id) => [id, severity] as const)),
);

// SPDX-License-Identifier: Apache-2.0
import type { Severity } from '../model/finding.ts';

/**
 * Severity of Checkov's checks, which the open version leaves empty. Those on AWS that Trivy has too are rated as by
 * Trivy 0.76, so that two tools do not disagree on one control; every other check is medium.
 * @see https://www.checkov.io/5.Policy%20Index/all.html
 */
const SEVERITY_OF: ReadonlyMap<string, Severity> = new Map(
  (
    [
      ['critical', 'CKV_AWS_2 CKV_AWS_38 CKV_AWS_39 CKV_AWS_41 CKV_AWS_83 CKV_AWS_382'],
      [
        'high',
        'CKV_AWS_3 CKV_AWS_5 CKV_AWS_6 CKV_AWS_16 CKV_AWS_17 CKV_AWS_19 CKV_AWS_20 CKV_AWS_24 CKV_AWS_25',
      ],
      [
        'high',
        'CKV_AWS_26 CKV_AWS_27 CKV_AWS_32 CKV_AWS_35 CKV_AWS_36 CKV_AWS_42 CKV_AWS_51 CKV_AWS_53 CKV_AWS_54',
      ],
      ['high', 'CKV_AWS_55 CKV_AWS_56 CKV_AWS_58 CKV_AWS_64 CKV_AWS_72 CKV_AWS_79 CKV_AWS_97 CKV_AWS_130'],
      ['high', 'CKV_AWS_131 CKV_AWS_145 CKV_AWS_163 CKV_AWS_228'],
      // Full rights, secrets in code, write access or all ports for everyone.
      ['high', 'CKV_AWS_1 CKV_AWS_45 CKV_AWS_46 CKV_AWS_49 CKV_AWS_57 CKV_AWS_62 CKV_AWS_63 CKV_AWS_277'],
      ['high', 'CKV_DOCKER_3 CKV_DOCKER_8 CKV_GHA_2 CKV_GHA_3'],
      // Privileged containers, namespaces and the socket of the host.
      [
        'high',
        'CKV_K8S_1 CKV_K8S_2 CKV_K8S_3 CKV_K8S_16 CKV_K8S_17 CKV_K8S_18 CKV_K8S_19 CKV_K8S_27 CKV_K8S_39',
      ],
      [
        'low',
        'CKV_AWS_18 CKV_AWS_23 CKV_AWS_119 CKV_AWS_136 CKV_AWS_149 CKV_AWS_158 CKV_AWS_189 CKV_AWS_353',
      ],
      ['low', 'CKV_AWS_354 CKV2_AWS_6 CKV2_AWS_10 CKV2_AWS_12'],
      ['low', 'CKV_DOCKER_2 CKV_DOCKER_4 CKV_DOCKER_5 CKV_DOCKER_6 CKV_DOCKER_9 CKV_DOCKER_10 CKV_DOCKER_11'],
    ] as const
  ).flatMap(([severity, ids]) => ids.split(' ').map((id) => [id, severity] as const)),
);

export function checkovSeverity(id: string, kind: 'secret' | 'misconfiguration') {
  const severity = SEVERITY_OF.get(id);
  if (severity !== undefined) return { severity, scoreSource: 'rule table of plimsoll for Checkov' } as const;
  const fallback = kind === 'secret' ? 'high' : 'medium';
  return { severity: fallback, scoreSource: 'default of plimsoll for Checkov' } as const;
}

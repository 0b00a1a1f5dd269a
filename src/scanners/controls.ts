// SPDX-License-Identifier: Apache-2.0

/**
 * Checks of Trivy, Checkov and Hadolint that ask for the same, by the name of what they ask for. Checks that are close
 * but not the same, such as one of Trivy's that has two of Checkov's with other conditions, share a name only where a
 * resource that fails one cannot pass the other for a reason that matters.
 *
 * Each was read in the tool: the heads of the checks in Trivy 0.76.0, `name` and `id` of those in Checkov 3.3.30, and
 * the rules of Hadolint 2.15.1.
 * @see https://github.com/aquasecurity/trivy-checks/tree/main/checks
 * @see https://www.checkov.io/5.Policy%20Index/terraform.html
 * @see https://github.com/hadolint/hadolint#rules
 */
const CONTROLS = {
  // Dockerfiles
  'docker-image-tag': 'DS-0001 CKV_DOCKER_7 DL3006 DL3007',
  'docker-user-not-root': 'DS-0002 CKV_DOCKER_3 CKV_DOCKER_8 DL3002',
  'docker-no-ssh-port': 'DS-0004 CKV_DOCKER_1',
  'docker-copy-not-add': 'DS-0005 CKV_DOCKER_4 DL3020',
  'docker-copy-from-other-stage': 'DS-0006 DL3023',
  'docker-one-entrypoint': 'DS-0007 DL4004',
  'docker-port-range': 'DS-0008 DL3011',
  'docker-absolute-workdir': 'DS-0009 CKV_DOCKER_10 DL3000',
  'docker-no-sudo': 'DS-0010 CKV2_DOCKER_1 DL3004',
  'docker-copy-target-directory': 'DS-0011 DL3021',
  'docker-unique-stage-names': 'DS-0012 CKV_DOCKER_11 DL3024',
  'docker-workdir-not-cd': 'DS-0013 DL3003',
  'docker-wget-or-curl': 'DS-0014 DL4001',
  'docker-yum-clean': 'DS-0015 DL3032',
  'docker-one-cmd': 'DS-0016 DL4003',
  'docker-no-update-alone': 'DS-0017 CKV_DOCKER_5',
  'docker-dnf-clean': 'DS-0019 DL3040',
  'docker-zypper-clean': 'DS-0020 DL3036',
  'docker-apt-get-yes': 'DS-0021 DL3014',
  'docker-no-maintainer': 'DS-0022 CKV_DOCKER_6 DL4000',
  'docker-one-healthcheck': 'DS-0023 DL3012',
  'docker-apk-no-cache': 'DS-0025 DL3019',
  'docker-healthcheck': 'DS-0026 CKV_DOCKER_2 DL3057',
  'docker-no-install-recommends': 'DS-0029 DL3015',
  'docker-no-secrets-in-env': 'DS-0031 DL3064',
  'docker-apt-get-not-apt': 'CKV_DOCKER_9 DL3027',
  // AWS
  'aws-cloudtrail-all-regions': 'AWS-0014 CKV_AWS_67',
  'aws-cloudtrail-customer-key': 'AWS-0015 CKV_AWS_35',
  'aws-cloudtrail-log-validation': 'AWS-0016 CKV_AWS_36',
  'aws-cloudtrail-to-cloudwatch': 'AWS-0162 CKV2_AWS_10',
  'aws-cloudwatch-log-group-key': 'AWS-0017 CKV_AWS_158',
  'aws-dynamodb-point-in-time-recovery': 'AWS-0024 CKV_AWS_28',
  'aws-dynamodb-customer-key': 'AWS-0025 CKV_AWS_119',
  'aws-ebs-volume-encryption': 'AWS-0026 CKV_AWS_3',
  'aws-ebs-volume-customer-key': 'AWS-0027 CKV_AWS_189',
  'aws-instance-metadata-token': 'AWS-0028 AWS-0130 CKV_AWS_79',
  'aws-ecr-scan-on-push': 'AWS-0030 CKV_AWS_163',
  'aws-ecr-immutable-tags': 'AWS-0031 CKV_AWS_51',
  'aws-ecr-no-public-policy': 'AWS-0032 CKV_AWS_32',
  'aws-ecr-customer-key': 'AWS-0033 CKV_AWS_136',
  'aws-ecs-efs-in-transit-encryption': 'AWS-0035 CKV_AWS_97',
  'aws-efs-encryption': 'AWS-0037 CKV_AWS_42',
  'aws-eks-control-plane-logging': 'AWS-0038 CKV_AWS_37',
  'aws-eks-secret-encryption': 'AWS-0039 CKV_AWS_58',
  'aws-eks-no-public-access': 'AWS-0040 CKV_AWS_39',
  'aws-eks-public-access-cidr': 'AWS-0041 CKV_AWS_38',
  'aws-elasticsearch-node-encryption': 'AWS-0043 CKV_AWS_6',
  'aws-elasticsearch-https': 'AWS-0046 CKV_AWS_83',
  'aws-elasticsearch-encryption': 'AWS-0048 CKV_AWS_5',
  'aws-elasticsearch-tls-policy': 'AWS-0126 CKV_AWS_228',
  'aws-load-balancer-drop-headers': 'AWS-0052 CKV_AWS_131',
  'aws-load-balancer-https': 'AWS-0054 CKV_AWS_2',
  'aws-password-reuse': 'AWS-0056 CKV_AWS_13',
  'aws-password-lowercase': 'AWS-0058 CKV_AWS_11',
  'aws-password-number': 'AWS-0059 CKV_AWS_12',
  'aws-password-symbol': 'AWS-0060 CKV_AWS_14',
  'aws-password-uppercase': 'AWS-0061 CKV_AWS_15',
  'aws-password-age': 'AWS-0062 CKV_AWS_9',
  'aws-password-length': 'AWS-0063 CKV_AWS_10',
  'aws-rds-backup-retention': 'AWS-0077 CKV_AWS_133',
  'aws-rds-instance-encryption': 'AWS-0080 CKV_AWS_16',
  'aws-rds-performance-insights': 'AWS-0133 CKV_AWS_353',
  'aws-rds-performance-insights-key': 'AWS-0078 CKV_AWS_354',
  'aws-rds-iam-authentication': 'AWS-0176 CKV_AWS_161',
  'aws-rds-cluster-deletion-protection': 'AWS-0343 CKV_AWS_139',
  'aws-rds-no-public-access': 'AWS-0180 CKV_AWS_17',
  'aws-redshift-encryption': 'AWS-0084 CKV_AWS_64',
  'aws-s3-block-public-acl': 'AWS-0086 CKV_AWS_53',
  'aws-s3-block-public-policy': 'AWS-0087 CKV_AWS_54',
  'aws-s3-encryption': 'AWS-0088 CKV_AWS_19',
  'aws-s3-logging': 'AWS-0089 CKV_AWS_18',
  'aws-s3-versioning': 'AWS-0090 CKV_AWS_21',
  'aws-s3-ignore-public-acl': 'AWS-0091 CKV_AWS_55',
  'aws-s3-no-public-acl': 'AWS-0092 CKV_AWS_20',
  'aws-s3-restrict-public-buckets': 'AWS-0093 CKV_AWS_56',
  'aws-s3-public-access-block': 'AWS-0094 CKV2_AWS_6',
  'aws-s3-customer-key': 'AWS-0132 CKV_AWS_145',
  'aws-secret-customer-key': 'AWS-0098 CKV_AWS_149',
  'aws-security-group-description': 'AWS-0099 AWS-0124 CKV_AWS_23',
  'aws-security-group-no-open-admin-port': 'AWS-0107 CKV_AWS_24 CKV_AWS_25',
  'aws-security-group-no-open-egress': 'AWS-0104 CKV_AWS_382',
  'aws-default-security-group-closed': 'AWS-0173 CKV2_AWS_12',
  'aws-sns-encryption': 'AWS-0095 CKV_AWS_26',
  'aws-sqs-encryption': 'AWS-0096 CKV_AWS_27',
  'aws-sqs-no-wildcard-action': 'AWS-0097 CKV_AWS_72',
  'aws-subnet-no-public-ip': 'AWS-0164 CKV_AWS_130',
  'aws-vpc-flow-logs': 'AWS-0178 CKV2_AWS_11',
} as const satisfies Record<string, string>;

const CONTROL_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(CONTROLS).flatMap(([control, ids]) => ids.split(' ').map((id) => [id, control] as const)),
);

/**
 * What a check asks for, by a name that tools share; undefined where only one tool is known to have it.
 *
 * @param id `DS-0002`, `CKV_DOCKER_3`, `DL3002`
 */
export function controlOf(id: string): string | undefined {
  return CONTROL_OF.get(id);
}

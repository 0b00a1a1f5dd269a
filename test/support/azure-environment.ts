// SPDX-License-Identifier: Apache-2.0

/** What an agent of Azure Pipelines sets, as far as it is read. */
export const AZURE_ENVIRONMENT = {
  TF_BUILD: 'True',
  SYSTEM_COLLECTIONURI: 'https://dev.azure.com/example/',
  SYSTEM_TEAMPROJECTID: '00000000-0000-0000-0000-0000000000a1',
  BUILD_DEFINITIONID: '12',
  BUILD_DEFINITIONNAME: 'nightly build',
  SYSTEM_PHASEID: '00000000-0000-0000-0000-0000000000B2',
  SYSTEM_PHASENAME: 'scan',
  BUILD_SOURCEBRANCH: 'refs/heads/main',
  BUILD_BUILDID: '345',
} as const;

// SPDX-License-Identifier: Apache-2.0

/** By which Azure DevOps knows a run: its `automationDetails`. */
export interface AzurePipeline {
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
}

const PREFIX = 'azuredevops/pipeline/build/';
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const NUMBER = /^[1-9]\d{0,9}$/;

/**
 * The pipeline that an environment tells of, as Microsoft's own tool reads it; undefined outside of one. Advanced
 * Security drops a run without it, unless its task AdvancedSecurity-Publish adds it.
 * @see https://github.com/microsoft/sarif-sdk/blob/main/src/Sarif.Multitool.Library/Rules/GHAzDO1019.ProvidePipelineProperties.cs
 * @see https://learn.microsoft.com/en-us/azure/devops/pipelines/build/variables
 */
export function azurePipeline(env: Readonly<Record<string, string | undefined>>): AzurePipeline | undefined {
  if (env.TF_BUILD?.toLowerCase() !== 'true') return undefined;
  const of = (pattern: RegExp, ...names: readonly string[]) =>
    names.map((name) => env[name]?.trim() ?? '').find((value) => pattern.test(value));
  const organization = organizationOf(env.SYSTEM_COLLECTIONURI);
  const project = of(GUID, 'SYSTEM_TEAMPROJECTID');
  const definition = of(NUMBER, 'BUILD_DEFINITIONID', 'SYSTEM_DEFINITIONID');
  const definitionName = of(/\S/, 'BUILD_DEFINITIONNAME');
  const phase = of(GUID, 'SYSTEM_PHASEID', 'SYSTEM_JOBID')?.toLowerCase();
  const phaseName = of(/\S/, 'SYSTEM_PHASENAME', 'SYSTEM_JOBNAME');
  const branch = of(/\S/, 'BUILD_SOURCEBRANCH');
  const build = of(NUMBER, 'BUILD_BUILDID');
  if (!organization || !project || !definition || !definitionName || !phase || !phaseName) return undefined;
  if (!branch || !build) return undefined;
  return {
    id: PREFIX + [organization, project.toLowerCase(), definition, phase, branch, build].join('/'),
    properties: {
      [`${PREFIX}buildDefinitionId`]: definition,
      [`${PREFIX}buildDefinitionName`]: definitionName,
      [`${PREFIX}phaseId`]: phase,
      [`${PREFIX}phaseName`]: phaseName,
    },
  };
}

/** `org` of `https://dev.azure.com/org/` and of `https://org.visualstudio.com/`. */
function organizationOf(address = ''): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { hostname, pathname } = new URL(address);
  if (hostname.endsWith('.visualstudio.com')) return hostname.split('.')[0];
  return pathname.split('/').find((part) => part !== '');
}

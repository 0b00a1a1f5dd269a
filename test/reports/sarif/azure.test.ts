// SPDX-License-Identifier: Apache-2.0
import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import { azurePipeline } from '../../../src/reports/sarif/azure.ts';
import { sarifDocument } from '../../../src/reports/sarif/build.ts';
import { AZURE_ENVIRONMENT } from '../../support/azure-environment.ts';
import { manyFindings } from '../../support/many-findings.ts';

const ID =
  'azuredevops/pipeline/build/example/00000000-0000-0000-0000-0000000000a1/12/00000000-0000-0000-0000-0000000000b2/refs/heads/main/345';

describe('azurePipeline', () => {
  it('reads what the pipeline says of itself', () => {
    expect(azurePipeline(AZURE_ENVIRONMENT)).toEqual({
      id: ID,
      properties: {
        'azuredevops/pipeline/build/buildDefinitionId': '12',
        'azuredevops/pipeline/build/buildDefinitionName': 'nightly build',
        'azuredevops/pipeline/build/phaseId': '00000000-0000-0000-0000-0000000000b2',
        'azuredevops/pipeline/build/phaseName': 'scan',
      },
    });
  });

  it('knows the older address of an organization, and the older names of variables', () => {
    const { BUILD_DEFINITIONID, SYSTEM_PHASEID, SYSTEM_PHASENAME, ...rest } = AZURE_ENVIRONMENT;
    const older = {
      ...rest,
      SYSTEM_COLLECTIONURI: 'https://example.visualstudio.com/',
      SYSTEM_DEFINITIONID: BUILD_DEFINITIONID,
      SYSTEM_JOBID: SYSTEM_PHASEID,
      SYSTEM_JOBNAME: SYSTEM_PHASENAME,
    };
    expect(azurePipeline(older)).toEqual(azurePipeline(AZURE_ENVIRONMENT));
  });

  it.each([
    ...Object.keys(AZURE_ENVIRONMENT).map((name) => [name, '']),
    ['BUILD_DEFINITIONID', '0'],
    ['BUILD_BUILDID', 'x'],
    ['SYSTEM_TEAMPROJECTID', '12'],
    ['SYSTEM_COLLECTIONURI', 'no address'],
  ])('is no pipeline where %s is %j', (name, value) => {
    expect(azurePipeline({ ...AZURE_ENVIRONMENT, [name]: value })).toBeUndefined();
  });
});

describe('a file for Azure DevOps', () => {
  const render = (env: Readonly<Record<string, string>>) => {
    const pipeline = azurePipeline(env);
    const options = { profile: 'azure', ...(pipeline === undefined ? {} : { pipeline }) } as const;
    const text = [...sarifDocument(manyFindings({ counts: { high: 1 } }), options).chunks()].join('');
    return (JSON.parse(text) as Log).runs;
  };

  it('has the pipeline in each run, full names of tools and names of rules', () => {
    const runs = render(AZURE_ENVIRONMENT);
    expect(runs.map(({ automationDetails }) => automationDetails?.id)).toEqual([ID, ID]);
    expect(runs[1]?.tool.driver).toMatchObject({
      fullName: 'bandit 1.2.3',
      rules: [{ id: 'B1', name: 'B1' }],
    });
  });

  it('has the categories of GitHub outside of a pipeline', () => {
    const [, bandit] = render({});
    expect(bandit?.automationDetails).toEqual({ id: 'plimsoll/bandit/root/' });
  });
});

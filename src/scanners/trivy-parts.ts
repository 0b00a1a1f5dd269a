// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { imageName } from '../model/image-name.ts';
import type { ToolGap } from '../model/tool-report.ts';
import { PlimsollError } from '../platform/errors.ts';
import { fieldOf, hasKeys, readEntries, readEnvelope, textOf } from './fields.ts';

const list = z.array(z.unknown()).nullish();

const result = z.object({
  Target: z.string(),
  Class: z.string().optional(),
  Type: z.string().optional(),
  Packages: list,
  Vulnerabilities: list,
  Misconfigurations: list,
  Secrets: list,
  Licenses: list,
  ExperimentalModifiedFindings: list,
});
export type TrivyResult = z.output<typeof result>;

const resource = z.object({
  Namespace: z.string().optional(),
  Kind: z.string().optional(),
  Name: z.string().optional(),
  Results: list,
  Error: z.string().optional(),
});

/** Results with the place of what was looked at: a path that Trivy writes is one inside of it. */
export interface Part {
  readonly results: readonly TrivyResult[];
  readonly inside: (path: string) => string;
}

/** `null` and a missing list are what Trivy writes where it found nothing to read. */
export function partsOf(report: unknown, gaps: ToolGap[]): readonly Part[] {
  const part = (results: readonly unknown[] | null | undefined, inside: Part['inside']): Part => ({
    results: readEntries(result, results ?? [], 'Results', gaps),
    inside,
  });
  if (report === null) return [];
  if (Array.isArray(report)) return [part(report, inTree)];
  const keys = hasKeys(report, 'ClusterName') ? clusterKeys(report) : [];
  if (keys.length > 0)
    return keys.flatMap((key) =>
      readEntries(resource, fieldOf(report, key) as readonly unknown[], key, gaps).map((each) => {
        const where = [each.Namespace, each.Kind, each.Name].filter((text) => text !== undefined).join('/');
        if (textOf(each.Error) !== undefined)
          gaps.push({ path: where, message: 'Trivy could not scan the resource' });
        return part(each.Results, inResource(where, each));
      }),
    );
  if (!hasKeys(report, 'SchemaVersion'))
    throw new PlimsollError(
      'parse-failed',
      'expected a report of Trivy, got neither a list nor a SchemaVersion',
    );
  const { Results } = readEnvelope(z.object({ Results: list }), report, 'Trivy');
  return [part(Results, isElsewhere(report) ? inImage(textOf(fieldOf(report, 'ArtifactName'))) : inTree)];
}

function inTree(path: string): string {
  return path;
}

/** Of its own packages the target is `NAME (debian 12.5)`, of what is installed in it a label or a path. */
function inImage(name = ''): Part['inside'] {
  const image = imageName(name);
  return (path) => {
    if (name === '') return path;
    const isImage = path === name || path.startsWith(`${name} (`);
    return isImage ? image : `${image}/${path.replace(/^\/+/, '')}`;
  };
}

/** Two namespaces can have a resource of one name. What an image brings is the same in all of its resources. */
function inResource(where: string, { Kind, Name }: z.output<typeof resource>): Part['inside'] {
  return (path) => {
    if (path === `${Kind}/${Name}`) return where;
    const [, image] = /^(.+) \([^()]*\)$/.exec(path) ?? [];
    return image === undefined ? `${where}/${path}` : imageName(image);
  };
}

/** The lists of a report of a cluster. */
export function clusterKeys(report: unknown): readonly string[] {
  return ['Resources', 'Findings', 'Vulnerabilities', 'Misconfigurations'].filter((key) =>
    Array.isArray(fieldOf(report, key)),
  );
}

/** Types of artifacts that are trees of files; absent in old reports, which were mostly of such. */
const TREES: ReadonlySet<unknown> = new Set([undefined, 'filesystem', 'repository']);
const BOMS: ReadonlySet<unknown> = new Set(['cyclonedx', 'spdx']);

/** Its targets can be files of the tree, and labels too. */
export function isBom(report: unknown): boolean {
  return BOMS.has(fieldOf(report, 'ArtifactType'));
}

/** It looked at an image, a cluster or a machine. */
export function isElsewhere(report: unknown): boolean {
  const isTree = TREES.has(fieldOf(report, 'ArtifactType')) || isBom(report);
  return !isTree || fieldOf(report, 'ClusterName') !== undefined;
}

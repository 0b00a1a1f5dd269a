// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { CollectedProject } from '../../../src/collectors/collector.ts';
import { collectOne, packages } from './collect-requirements.ts';

describe('requirements, the graph', () => {
  const edges = ({ dependencies }: CollectedProject) =>
    dependencies.flatMap(({ ref, dependsOn }) =>
      dependsOn.map((edge) => `${ref.split('#')[1]} > ${edge.ref.split('#')[1]} ${edge.kind}`),
    );

  it('without annotations the root has an edge to everything', async () => {
    expect(edges(await collectOne('a==1\nb==1 # a comment\n'))).toEqual([
      '. > pkg:pypi/a@1 runtime',
      '. > pkg:pypi/b@1 runtime',
    ]);
  });

  it.each([
    ['behind the line', 'a==1 # via -r main.in\nb==1  # via a\nc==1 # via a, b\n'],
    [
      'below the line',
      'a==1\n    # via -r main.in\nb==1\n    # via a\nc==1 \\\n    --hash=sha256:aa\n    # via\n    #   A\n    #   b\n',
    ],
    [
      'of uv',
      'a==1\n    # via shop (pyproject.toml:dev)\nb==1\n    # via a\nc==1\n    # via\n    #   a[x]\n    #   b\n    # from https://pypi.example\n',
    ],
  ])('reads # via %s', async (_, text) => {
    const project = await collectOne(text);
    expect(edges(project)).toEqual([
      '. > pkg:pypi/a@1 runtime',
      'pkg:pypi/a@1 > pkg:pypi/b@1 runtime',
      'pkg:pypi/a@1 > pkg:pypi/c@1 runtime',
      'pkg:pypi/b@1 > pkg:pypi/c@1 runtime',
    ]);
    expect(packages(project).map((c) => c.direct)).toEqual([true, false, false]);
  });

  it('a constraint file is no reason, an unknown parent leaves the package under the root', async () => {
    const project = await collectOne(
      'a==1 # via -c pins.txt\nb==1 # via gone\nc==1 # via c\nd==1 # via the back door\n',
    );
    expect(edges(project).map((edge) => edge.split(' ')[0])).toEqual(['.', '.', '.', '.']);
    expect(packages(project).map((c) => c.direct)).toEqual([true, false, false, true]);
  });

  it('a parent is sought in the same file first', async () => {
    const project = await collectOne({
      'requirements.txt': '-r one.txt\n-r test.txt',
      'one.txt': 'p==1\nc==1 # via p\n',
      'test.txt': 'p==2\nd==1 # via p\ne==1 # via c\n',
    });
    expect(edges(project).filter((edge) => !edge.startsWith('. '))).toEqual([
      'pkg:pypi/c@1 > pkg:pypi/e@1 dev',
      'pkg:pypi/p@1 > pkg:pypi/c@1 runtime',
      'pkg:pypi/p@2 > pkg:pypi/d@1 dev',
    ]);
  });
});

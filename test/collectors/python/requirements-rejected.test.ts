// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { collectOne, messages, names, statuses } from './collect-requirements.ts';

describe('requirements, lines that pip rejects', () => {
  it('fails the project at the line and reads the rest', async () => {
    const project = await collectOne('a==1\nb=1\n--nonsense\nc==1\n');
    expect(names(project)).toEqual(['a@1', 'c@1']);
    expect(project.coverage).toMatchObject([
      {
        status: 'failed',
        cause: 'unparsable',
        expected: 4,
        processed: 2,
        errors: [
          {
            message: 'requirements.txt:2: expected a version clause, ";" or the end of the line, got "=1"',
            location: { uri: 'requirements.txt', startLine: 2 },
          },
          { message: 'requirements.txt:3: expected an option of pip, got "--nonsense"' },
        ],
      },
    ]);
  });

  it('lists the first errors of prose and counts the others', async () => {
    const project = await collectOne('this is prose.\n'.repeat(50));
    expect(messages(project)).toHaveLength(21);
    expect(messages(project).at(-1)).toBe('and 30 more');
  });

  it.each([
    'https://h.example/not_a_wheel.whl',
    'https://h.example/a.zip#egg=a==1',
    'a @ ./local.zip',
    '-e https://h.example/a.zip',
    '-e git+https://h.example/a',
    '-e git@h.example:a/b',
    'git@h.example:a/b',
    'git+https://h.example/a@#egg=a',
    'and so on/so forth',
  ])('rejects %s', async (line) => {
    expect(statuses(await collectOne(line))).toEqual(['failed unparsable']);
  });

  it('never prints a credential', async () => {
    const project = await collectOne(
      'foo bar https://me:hunter2@h.example/x\n-r https://me:hunter2@h.example/r.txt\n',
    );
    expect(JSON.stringify(project)).not.toContain('hunter2');
    expect(messages(project)).toHaveLength(2);
  });

  it('reports bytes that are not in the declared encoding', async () => {
    const project = await collectOne({ 'requirements.txt': Buffer.from('a==1\nb==1 # \xe9\n', 'latin1') });
    expect(messages(project)).toEqual(['requirements.txt:2: expected utf-8 text, got other bytes']);
    expect(names(project)).toEqual(['a@1', 'b@1']);
  });
});

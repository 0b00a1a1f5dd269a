// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import type { Problem } from './problems.ts';
import { suggest } from './suggest.ts';
import { isTree, type KeyPath, type YamlFile } from './yaml.ts';

const MAX_SHOWN = 60;

const TYPE_WORDS: ReadonlyMap<string, string> = new Map([
  ['object', 'a mapping of keys to values'],
  ['record', 'a mapping of keys to values'],
  ['array', 'a list'],
  ['boolean', 'true or false'],
]);

/** What in a file is not as the schema has it, in words, with the line of each; empty where all is well. */
export function findProblems(file: YamlFile, schema: z.ZodObject): Problem[] {
  const { error } = schema.safeParse(file.data);
  const problems = (error?.issues ?? []).flatMap((issue) => describe(issue, [], file, schema));
  // One value can break several checks; the first says enough.
  return [...new Map(problems.toReversed().map((problem) => [problem.at, problem])).values()].toReversed();
}

interface PlacedProblem extends Problem {
  /** Dotted path of the key. */
  readonly at: string;
}

function describe(
  issue: z.core.$ZodIssue,
  base: KeyPath,
  file: YamlFile,
  schema: z.ZodObject,
): PlacedProblem[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, path, file, keysAt(schema, path)));
  }
  if (issue.code === 'invalid_union') {
    const inner = nearest(issue.errors);
    return inner.flatMap((each) => describe(each, path, file, schema));
  }
  return [{ at: path.join('.'), line: file.lineOf(path), message: mismatch(issue, path, file) }];
}

function mismatch(issue: z.core.$ZodIssue, path: KeyPath, file: YamlFile): string {
  const value = valueAt(file.data, path);
  if (value === undefined) return `expected the key ${JSON.stringify(path.at(-1))}, got none`;
  const isText = issue.code === 'invalid_type' && issue.expected === 'string';
  const quotes = isText && typeof value === 'number' ? ' (put quotes around it)' : '';
  return `expected ${expected(issue)}, got ${show(value)}${quotes}`;
}

function unknownKey(key: string, path: KeyPath, file: YamlFile, known: readonly string[]): PlacedProblem {
  const place = path.length === 0 ? '' : ` in ${path.join('.')}`;
  const guess = suggest(key, known);
  const advice = guess === undefined ? `expected one of ${known.join(', ')}` : `did you mean "${guess}"?`;
  return {
    at: [...path, key].join('.'),
    line: file.lineOf([...path, key]),
    message: `unknown key ${JSON.stringify(key.slice(0, MAX_SHOWN))}${place}; ${advice}`,
  };
}

function expected(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value' && issue.values.length > 1) return oneOf(issue.values.map(String));
  if (issue.code === 'invalid_type') return TYPE_WORDS.get(issue.expected) ?? issue.message;
  return issue.message;
}

function oneOf(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** Of the alternatives of a union, the problems of the one that the value was most likely meant to be. */
function nearest(alternatives: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
  const isOtherType = (issues: readonly z.core.$ZodIssue[]) =>
    issues.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0);
  return alternatives.find((issues) => !isOtherType(issues)) ?? alternatives[0] ?? [];
}

/** The keys that a mapping at `path` may have. */
function keysAt(schema: z.ZodObject, path: KeyPath): string[] {
  let nodes: unknown[] = [schema];
  for (const key of path) nodes = nodes.flatMap(alternatives).flatMap((node) => childOf(node, key));
  return nodes.flatMap(alternatives).flatMap(keysOf);
}

function keysOf(node: unknown): string[] {
  if (node instanceof z.ZodObject) return Object.keys(node.shape);
  const names = node instanceof z.ZodRecord ? node.keyType : undefined;
  return names instanceof z.ZodEnum ? names.options.map(String) : [];
}

function alternatives(node: unknown): unknown[] {
  if (node instanceof z.ZodExactOptional) return alternatives(node.unwrap());
  if (node instanceof z.ZodUnion) return node.options.flatMap(alternatives);
  if (node instanceof z.ZodPipe) return alternatives(node.in);
  return [node];
}

function childOf(node: unknown, key: PropertyKey): unknown[] {
  if (node instanceof z.ZodObject) return typeof key === 'string' ? [node.shape[key]] : [];
  if (node instanceof z.ZodArray) return [node.element];
  return node instanceof z.ZodRecord ? [node.valueType] : [];
}

function valueAt(data: unknown, path: KeyPath): unknown {
  let value = data;
  for (const key of path) {
    if (Array.isArray(value)) value = value[Number(key)];
    else if (isTree(value) && typeof key === 'string') value = value[key];
    else return undefined;
  }
  return value;
}

function show(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (isTree(value)) return 'a mapping';
  const shown = JSON.stringify(value);
  return shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN)}...` : shown;
}

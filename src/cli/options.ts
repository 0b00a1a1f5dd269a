// SPDX-License-Identifier: Apache-2.0
import { existsSync, statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { COLLECTORS } from '../collectors/index.ts';
import { parseManifestOption } from '../collectors/manifest-option.ts';
import type { VerdictOptions } from '../model/verdict.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { PlimsollError } from '../platform/errors.ts';
import { toModelPath } from '../platform/fs.ts';
import type { Io } from './io.ts';
import { formatId, type OutputFile, parseOutput } from './outputs.ts';

export type RawOptions = Readonly<Record<string, unknown>>;

/** What `collect` needs, from `[paths]`, `-L`, `--exclude` and `--omit`. */
export interface Target {
  /** Absolute. */
  readonly root: string;
  readonly paths?: readonly string[];
  readonly manifests: readonly { readonly collector: string; readonly path: string }[];
  readonly exclude: readonly string[];
  readonly omit: VerdictOptions['omit'];
}

/**
 * One directory is the scan root; one file is read alone, with its directory as the root; several paths are read
 * below the working directory.
 * @throws PlimsollError `file-not-found`, `usage`
 */
export function parseTarget(args: readonly string[], options: RawOptions, io: Io): Target {
  const rest = { exclude: strings(options.exclude), omit: parseOmit(strings(options.omit)) };
  const given = args.map((path) => ({ path, absolute: resolve(io.cwd, path) }));
  for (const { path, absolute } of given) {
    if (!existsSync(absolute))
      throw new PlimsollError('file-not-found', `${path}: expected a file or directory, found none`);
  }
  const [first] = given;
  const isDirectory = first !== undefined && statSync(first.absolute).isDirectory();
  const single = given.length <= 1;
  const root =
    !single || first === undefined ? io.cwd : isDirectory ? first.absolute : dirname(first.absolute);
  const paths = single
    ? isDirectory || first === undefined
      ? undefined
      : [basename(first.absolute)]
    : given.map(({ absolute }) => inside(absolute, root));
  const manifests = strings(options.manifest).map((text) => {
    const { collector, path } = parseManifestOption(
      text,
      COLLECTORS.map(({ id }) => id),
    );
    return { collector, path: inside(resolve(io.cwd, path), root) };
  });
  const onlyManifests = manifests.length > 0 && args.length === 0;
  return {
    root,
    manifests,
    ...rest,
    ...(onlyManifests ? { paths: [] } : paths === undefined ? {} : { paths }),
  };
}

/** What goes where: the format of standard output, the first by default, and the files. */
export function parseOutputs(
  options: RawOptions,
  formats: readonly [string, ...string[]],
): { stdout: string; files: OutputFile[] } {
  const asked = options.format ?? (options.json === true ? 'json' : undefined);
  if (options.json === true && asked !== 'json') {
    throw new PlimsollError('usage', `--json: expected no other format beside it, got -f ${String(asked)}`);
  }
  const files = strings(options.output).map((text) => parseOutput(text, formats));
  const twice = files.find(({ path }, i) => files.findIndex((other) => other.path === path) < i);
  if (twice !== undefined)
    throw new PlimsollError('usage', `-o: expected each file once, got ${twice.path} twice`);
  return { stdout: typeof asked === 'string' ? formatId(asked, formats) : formats[0], files };
}

/** Honours SOURCE_DATE_EPOCH for documents and `--now` for judgements. @throws PlimsollError `usage` */
export function parseClock(options: RawOptions, io: Io): Clock {
  const now = typeof options.now === 'string' ? new Date(options.now) : undefined;
  if (now !== undefined && Number.isNaN(now.getTime())) {
    throw new PlimsollError(
      'usage',
      `--now: expected a date such as 2026-11-21T00:00:00Z, got ${String(options.now)}`,
    );
  }
  const epoch = io.env.SOURCE_DATE_EPOCH || undefined;
  if (epoch !== undefined && !/^\d{1,12}$/.test(epoch)) {
    throw new PlimsollError(
      'usage',
      `SOURCE_DATE_EPOCH: expected seconds since 1970, got ${JSON.stringify(epoch)}`,
    );
  }
  return systemClock({ epoch, now });
}

/** `--db`, else `plimsoll/advisories` in the cache directory of the user. */
export function databaseDirectory(options: RawOptions, io: Io): string {
  if (typeof options.db === 'string') return resolve(io.cwd, options.db);
  return join(cacheDirectory(io.env), 'plimsoll', 'advisories');
}

/** Where answers from the network are kept between runs. */
export function networkCacheDirectory(io: Io): string {
  return join(cacheDirectory(io.env), 'plimsoll', 'api');
}

/** What to say where there is nothing to scan. */
export const NOTHING_TO_SCAN =
  'nothing to scan: no manifest of a known name was found (docs/collectors.md); -L FORMAT:FILE reads a file of any name';

/** A string option, or undefined. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** https://specifications.freedesktop.org/basedir-spec/latest/ and the customs of the other systems. */
function cacheDirectory(env: Io['env']): string {
  if (env.XDG_CACHE_HOME?.startsWith('/')) return env.XDG_CACHE_HOME;
  if (process.platform === 'win32') return env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local');
  return process.platform === 'darwin'
    ? join(homedir(), 'Library', 'Caches')
    : join(env.HOME?.startsWith('/') ? env.HOME : accountHome(), '.cache');
}

/** What the system says of the account, whatever HOME is: a relative one would lie in the scanned tree. */
function accountHome(): string {
  try {
    return userInfo().homedir;
  } catch {
    // A number without an account.
    return '/nonexistent';
  }
}

function inside(absolute: string, root: string): string {
  const path = toModelPath(absolute, root);
  if (path === '..' || path.startsWith('../')) {
    throw new PlimsollError('usage', `${absolute}: expected a path below ${root}`, {
      hint: 'scan a directory that holds them all',
    });
  }
  return path;
}

function parseOmit(values: readonly string[]): VerdictOptions['omit'] {
  const known = ['dev', 'optional', 'peer'] as const;
  const unknown = values.find((value) => !(known as readonly string[]).includes(value));
  if (unknown !== undefined)
    throw new PlimsollError('usage', `--omit: expected dev, optional or peer, got ${unknown}`);
  return known.filter((scope) => values.includes(scope));
}

export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

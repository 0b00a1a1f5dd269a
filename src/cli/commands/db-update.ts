// SPDX-License-Identifier: Apache-2.0
import { importEnrichment } from '../../advisories/enrichment/import.ts';
import { OSV_BUCKET } from '../../advisories/update/bucket.ts';
import { enrichmentFetch } from '../../advisories/update/enrichment.ts';
import { type EcosystemUpdate, type UpdateResult, updateMirror } from '../../advisories/update/update.ts';
import { PlimsollError } from '../../platform/errors.ts';
import type { RetryPolicy } from '../../platform/retry.ts';
import { EXIT } from '../exit-codes.ts';
import { FORMATS } from '../formats.ts';
import type { Io } from '../io.ts';
import { networkOf } from '../network.ts';
import { databaseDirectory, parseClock, parseOutputs, type RawOptions, strings, text } from '../options.ts';
import { writeOutputs } from '../outputs.ts';
import { describeImported } from './db-enrichment.ts';
import { describeEcosystem, describeQuarantine, render } from './db-output.ts';

/** For a whole update; an archive of npm is some hundred megabytes. */
const DEADLINE = 30 * 60_000;

/**
 * `plimsoll db update`: the mirror, then EPSS and KEV. One of the three that fails does not keep the others from being
 * brought up to date; the exit status is then 3.
 */
export async function run(_args: readonly string[], options: RawOptions, io: Io): Promise<number> {
  const { stdout, files } = parseOutputs(options, FORMATS.db);
  const http = await networkOf(options, io);
  const common = {
    dbDir: databaseDirectory(options, io),
    allowRollback: options.allowRollback === true,
    now: parseClock(options, io).now(),
  };
  const retry: RetryPolicy = {
    attempts: 4,
    base: 500,
    deadline: AbortSignal.timeout(DEADLINE),
    signal: io.signal,
  };
  // Before anything is done: what is a mistake of the command ends it.
  const tables = (['epss', 'kev'] as const)
    .filter((kind) => options[kind] !== false)
    .map((kind) => ({ kind, download: enrichmentFetch(kind, text(options[kind]), http, retry) }));
  const given = strings(options.from);
  const mirror: Part = {
    name: 'advisories',
    async act() {
      const result = await updateMirror({
        ...common,
        ...(http === undefined ? {} : { http }),
        from: given.length > 0 ? given : [OSV_BUCKET],
        retry,
        signal: io.signal,
        onProgress: io.progress,
      });
      return { result, said: describeUpdate(result) };
    },
  };
  const enrichment = tables.map(
    ({ kind, download }): Part => ({
      name: kind,
      async act() {
        io.progress(`${kind.toUpperCase()}: fetching`);
        const result = await importEnrichment({ ...common, [kind]: await download() });
        return { result: result[kind], said: describeImported(result) };
      },
    }),
  );
  const { value, lines, problems } = await allOf([mirror, ...enrichment]).finally(async () => {
    io.progress('');
    await http?.close();
  });
  const failed = problems.map(({ code, message }) => ({ code, message }));
  await writeOutputs(io, stdout, files, (format) => render(format, { ...value, failed }, lines));
  for (const { message, hint } of problems) {
    for (const line of message.split('\n')) io.fail(`error: ${line}`);
    if (hint !== undefined) io.fail(`help: ${hint}`);
  }
  return problems.length === 0 ? EXIT.pass : EXIT.incomplete;
}

interface Part {
  readonly name: string;
  act(): Promise<{ readonly result: unknown; readonly said: readonly string[] }>;
}

/** Does one part after the other, also where one before it fails. */
async function allOf(parts: readonly Part[]) {
  const value: Record<string, unknown> = {};
  const lines: string[] = [];
  const problems: PlimsollError[] = [];
  for (const { name, act } of parts) {
    try {
      const { result, said } = await act();
      value[name] = result;
      lines.push(...said);
    } catch (error) {
      const isFinal = !(error instanceof PlimsollError) || error.code === 'aborted' || error.code === 'usage';
      if (isFinal) throw error;
      problems.push(error);
    }
  }
  return { value, lines, problems };
}

function describeUpdate({
  url,
  updates,
  changed,
  generation,
  ecosystems,
  quarantined,
  passedOver,
}: UpdateResult): string[] {
  return [
    ...passedOver.map(({ url: other, reason }) => `${other} was passed over: ${reason}`),
    `from ${url}:`,
    ...updates.map((update) => `  ${describeOne(update)}`),
    changed ? `generation ${generation.slice(0, 12)} is in use` : 'the same data were in use already',
    ...ecosystems.map(describeEcosystem),
    ...describeQuarantine(quarantined),
  ];
}

function describeOne({ ecosystem, by, fetched, removed }: EcosystemUpdate): string {
  return by === 'archive'
    ? `${ecosystem}: the whole archive, ${fetched} records`
    : `${ecosystem}: ${fetched} new or changed records, ${removed} removed`;
}

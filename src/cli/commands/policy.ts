// SPDX-License-Identifier: Apache-2.0
import { findPolicy } from '../../policy/find.ts';
import { licenseRules } from '../../policy/licenses.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import type { RawOptions } from '../options.ts';

/** `plimsoll policy check`: exit status 2 with every problem and its line, or what the policy gates. */
export async function run(args: readonly string[], _options: RawOptions, io: Io): Promise<number> {
  const loaded = await findPolicy(io.cwd, args[0]);
  const { policy, exceptions, files } = loaded;
  const { advisories } = policy;
  const { allow } = licenseRules(loaded);
  const gated = allow.runtime !== undefined || allow.dev !== undefined;
  await io.print([
    `${files.join(' extends ')}: valid\n`,
    `advisories: runtime ${describeLimits(advisories.runtime)}; dev ${describeLimits(advisories.dev)}; malware ${advisories.malware}; KEV ${advisories.kev}; EPSS ${describeEpss(advisories.epss)}; unscored ${advisories.unscored}\n`,
    `licences: ${gated ? 'gated' : 'not gated, licenses.allow is not set'}\n`,
    `exceptions: ${exceptions.length}\n`,
  ]);
  return EXIT.pass;
}

function describeEpss({ fail, warn }: Readonly<{ fail?: number; warn?: number }>): string {
  const set = Object.entries({ fail, warn }).filter(([, limit]) => limit !== undefined);
  return set.map(([outcome, limit]) => `${outcome} from ${limit}`).join(', ') || 'ignored';
}

function describeLimits(limits: Readonly<Record<string, unknown>>): string {
  const set = Object.entries(limits).filter(([, severity]) => severity !== undefined && severity !== 'never');
  return set.length === 0
    ? 'ignored'
    : set.map(([outcome, severity]) => `${outcome} from ${String(severity)}`).join(', ');
}

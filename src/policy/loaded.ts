// SPDX-License-Identifier: Apache-2.0
import type { Location } from '../model/location.ts';
import type { PolicyException, PolicyReference } from '../model/verdict.ts';
import type { Policy } from './schema.ts';

/** A policy that is ready to judge by. */
export interface LoadedPolicy {
  readonly policy: Policy;
  /**
   * Every file that the policy was made from, the most specific first, relative to the scan root; shipped ones as
   * `plimsoll:...`.
   */
  readonly files: readonly string[];
  /**
   * Where the scan root lies as the globs of the policy see it, `.` when it is where they start: at the directory of
   * the most specific file if the scan root lies in it, else at the root of the tree.
   */
  readonly base: string;
  /** `exceptions` and `licenses.exceptions`, with their places. */
  readonly exceptions: readonly PolicyException[];
  /**
   * The file and line that set a key (`advisories.runtime.fail`, `coverage.ignore.0`).
   * @throws TypeError for a key that no file has
   */
  where(key: string): PolicyReference;
}

/** A policy without exceptions as JSON. */
export interface CompiledPolicy {
  readonly policy: Policy;
  readonly files: readonly string[];
  /** Where each key was set. */
  readonly origins: Readonly<Record<string, PolicyReference>>;
}

/** Where an entry of a policy stands. */
export function policyLocation({ uri, line }: PolicyReference): Location {
  return { uri, startLine: line };
}

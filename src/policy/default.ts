// SPDX-License-Identifier: Apache-2.0
import json from './default-policy.json' with { type: 'json' };
import type { CompiledPolicy, LoadedPolicy } from './loaded.ts';

/**
 * What loading `policies/default.yaml` gives, made beforehand by `npm run schemas`: reading it as YAML and checking it
 * takes longer than a small scan, and it is what applies to a tree without a policy. A test holds it against the file.
 *
 * @param base the scan root as seen from the root of its repository
 */
export function defaultPolicy(base: string): LoadedPolicy {
  const { policy, files, origins } = json as unknown as CompiledPolicy;
  const byKey = new Map(Object.entries(origins));
  return {
    policy,
    files,
    base,
    exceptions: [],
    where(key) {
      const reference = byKey.get(key);
      if (reference === undefined) throw new TypeError(`no policy has the key ${key}`);
      return reference;
    },
  };
}

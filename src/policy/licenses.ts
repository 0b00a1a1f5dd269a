// SPDX-License-Identifier: Apache-2.0
import type { LicenseRules } from '../model/license.ts';
import { type LoadedPolicy, policyLocation } from './loaded.ts';

/** What the licence check needs of a policy. An empty allow list means that the gate of that scope is off. */
export function licenseRules({ policy: { licenses }, where }: LoadedPolicy): LicenseRules {
  const { runtime = [], dev = [] } = licenses.allow;
  return {
    allow: { ...(runtime.length > 0 ? { runtime } : {}), ...(dev.length > 0 ? { dev } : {}) },
    ranges: licenses.ranges,
    with: licenses.with,
    clarify: licenses.clarify.map((entry, index) => ({
      ...entry,
      location: policyLocation(where(`licenses.clarify.${index}`)),
    })),
  };
}

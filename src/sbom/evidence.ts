// SPDX-License-Identifier: Apache-2.0
import type * as Serialize from '@cyclonedx/cyclonedx-library/Serialize';
import type { Component } from '../model/inventory.ts';

type Normalized = Serialize.JSON.Types.Normalized.ComponentEvidence;

/** What CycloneDX 1.6 has beyond what the library models; JSON leaves out what is undefined. */
export interface ComponentEvidence extends Normalized {
  readonly identity: readonly PurlIdentity[] | undefined;
  readonly occurrences: readonly { readonly location: string; readonly line: number | undefined }[];
}

/** Where a component stands, and how it was told which one it is; `undefined` where nothing is known. */
export function evidence(
  { purl, locations }: Component,
  licenses: Normalized['licenses'],
): ComponentEvidence | undefined {
  if (purl === undefined && locations.length === 0 && licenses === undefined) return undefined;
  const found = {
    identity: purl === undefined ? undefined : IDENTITY,
    occurrences: locations.map(({ uri, startLine }) => ({ location: uri, line: startLine })),
  };
  return licenses === undefined ? found : { ...found, licenses };
}

interface PurlIdentity {
  readonly field: 'purl';
  readonly confidence: number;
  readonly methods: readonly { readonly technique: 'manifest-analysis'; readonly confidence: number }[];
}

const IDENTITY: readonly PurlIdentity[] = [
  { field: 'purl', confidence: 1, methods: [{ technique: 'manifest-analysis', confidence: 1 }] },
];

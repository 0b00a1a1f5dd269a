// SPDX-License-Identifier: Apache-2.0
import type * as Serialize from '@cyclonedx/cyclonedx-library/Serialize';
import type { Component } from '../model/inventory.ts';

type Normalized = Serialize.JSON.Types.Normalized.Component;
type License = Serialize.JSON.Types.Normalized.License;

/** What CycloneDX 1.6 has and the library does not model. */
export interface ComponentEvidence {
  readonly identity?: readonly {
    readonly field: 'purl';
    readonly confidence: number;
    readonly methods: readonly { readonly technique: 'manifest-analysis'; readonly confidence: number }[];
  }[];
  readonly occurrences?: readonly { readonly location: string; readonly line?: number }[];
  readonly licenses?: readonly License[];
}

export type SbomComponent = Omit<Normalized, 'evidence'> & { readonly evidence?: ComponentEvidence };

/** Where a component stands, and how it was told which one it is; empty where nothing is known. */
export function evidence(
  { purl, locations }: Component,
  licenses: readonly License[] | undefined,
): Pick<SbomComponent, 'evidence'> {
  const found: ComponentEvidence = {
    ...(purl === undefined ? {} : { identity: IDENTITY }),
    ...(locations.length === 0
      ? {}
      : {
          occurrences: locations.map(({ uri, startLine }) => ({
            location: uri,
            ...(startLine === undefined ? {} : { line: startLine }),
          })),
        }),
    ...(licenses === undefined ? {} : { licenses }),
  };
  return Object.keys(found).length === 0 ? {} : { evidence: found };
}

const IDENTITY = [
  { field: 'purl', confidence: 1, methods: [{ technique: 'manifest-analysis', confidence: 1 }] },
] as const satisfies ComponentEvidence['identity'];

// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import type { ArtifactLocation, Location as SarifLocation } from 'sarif';
import type { Location } from '../../model/location.ts';
import { uriReference } from '../encode.ts';

/**
 * Makes SARIF locations, relative to the repository root. `subjectPath` is the scan root below it; a policy can lie above
 * the scan root. Line 1 stands in where no line is known: GitHub refuses a result without a region. Locations are many and
 * files are few: each address is made once.
 */
export function locationMaker(subjectPath = '.'): (location: Location) => SarifLocation {
  const [inTree, outside] = [new Map<string, ArtifactLocation>(), new Map<string, ArtifactLocation>()];
  return (location) => {
    const { uri, startLine = 1, endLine = startLine, startColumn, endColumn } = location;
    const known = location.outside === true ? outside : inTree;
    let artifactLocation = known.get(uri);
    if (artifactLocation === undefined) {
      artifactLocation = artifactOf(location, subjectPath);
      known.set(uri, artifactLocation);
    }
    return { physicalLocation: { artifactLocation, region: { startLine, endLine, startColumn, endColumn } } };
  };
}

function artifactOf({ uri, outside }: Location, subjectPath: string): ArtifactLocation {
  if (outside === true) return { uri: uriReference(outsideUri(uri)) };
  return { uri: uriReference(posix.join(subjectPath, uri)), uriBaseId: '%SRCROOT%' };
}

/** A name that is below no directory of the repository; GitHub refuses a result without one. */
function outsideUri(uri: string): string {
  return `outside/${uri.replace(/^…\//, '').replaceAll(':', '_')}`;
}

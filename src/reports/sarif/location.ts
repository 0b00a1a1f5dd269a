// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import type { Location as SarifLocation } from 'sarif';
import type { Location } from '../../model/location.ts';
import { uriReference } from '../encode.ts';

/**
 * A SARIF location relative to the repository root. `subjectPath` is the scan root below it; a policy can lie above
 * the scan root. Line 1 stands in where no line is known: GitHub refuses a result without a region.
 */
export function sarifLocation(location: Location, subjectPath: string | undefined): SarifLocation {
  const startLine = location.startLine ?? 1;
  return {
    physicalLocation: {
      artifactLocation:
        location.outside === true
          ? { uri: uriReference(outsideUri(location.uri)) }
          : { uri: uriReference(posix.join(subjectPath ?? '.', location.uri)), uriBaseId: '%SRCROOT%' },
      region: {
        startLine,
        endLine: location.endLine ?? startLine,
        ...(location.startColumn === undefined ? {} : { startColumn: location.startColumn }),
        ...(location.endColumn === undefined ? {} : { endColumn: location.endColumn }),
      },
    },
  };
}

/** A name that is below no directory of the repository; GitHub refuses a result without one. */
function outsideUri(uri: string): string {
  return `outside/${uri.replace(/^…\//, '').replaceAll(':', '_')}`;
}

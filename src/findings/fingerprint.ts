// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';

/**
 * What a finding is, apart from where it stands today: no version, no line, no list of aliases, so that a bump
 * to another affected version or a late alias does not open a new alert.
 */
export type FindingIdentity =
  | {
      readonly kind: 'vulnerability' | 'malware';
      readonly ecosystem: string;
      readonly name: string;
      readonly projectId: string;
      /** Anchor of the advisory group. */
      readonly anchor: string;
    }
  | {
      readonly kind: 'license';
      readonly ecosystem: string;
      readonly name: string;
      readonly projectId: string;
      readonly ruleId: string;
      readonly expression: string;
    }
  | {
      readonly kind: 'dependency';
      readonly ecosystem: string;
      readonly name: string;
      readonly projectId: string;
      readonly ruleId: string;
    }
  | {
      /** `lineHash`: of the line with the secret blanked; empty where the line is not known. */
      readonly kind: 'secret';
      readonly ruleId: string;
      readonly uri: string;
      readonly lineHash: string;
      /** Among those that are alike in all else, from 0. */
      readonly occurrence: number;
    }
  | {
      readonly kind: 'code';
      readonly tool: string;
      readonly ruleId: string;
      readonly uri: string;
      readonly lineHash: string;
      readonly occurrence: number;
    }
  | {
      readonly kind: 'misconfiguration';
      /** The control that tools share, else the id of the rule. */
      readonly control: string;
      readonly uri: string;
      /** The resource, else the hash of the line. */
      readonly subject: string;
      readonly occurrence: number;
    }
  | { readonly kind: 'policy'; readonly ruleId: string; readonly key: string; readonly uri: string };

/** Lower-case hex sha256 of the UTF-8 JSON array of the identity's parts, without spaces. */
export function fingerprint(identity: FindingIdentity): string {
  return hash('sha256', JSON.stringify(parts(identity)), 'hex');
}

function parts(id: FindingIdentity): readonly (string | number)[] {
  switch (id.kind) {
    case 'vulnerability':
    case 'malware':
      return [id.kind, id.ecosystem, id.name, id.projectId, id.anchor];
    case 'license':
      return [id.kind, id.ecosystem, id.name, id.projectId, id.ruleId, id.expression];
    case 'dependency':
      return [id.kind, id.ecosystem, id.name, id.projectId, id.ruleId];
    case 'secret':
      return [id.kind, id.ruleId, id.uri, id.lineHash, id.occurrence];
    case 'code':
      return [id.kind, id.tool, id.ruleId, id.uri, id.lineHash, id.occurrence];
    case 'misconfiguration':
      return [id.kind, id.control, id.uri, id.subject, id.occurrence];
    case 'policy':
      return [id.kind, id.ruleId, id.key, id.uri];
  }
}

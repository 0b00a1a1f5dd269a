// SPDX-License-Identifier: Apache-2.0
import { buildFinding } from '../findings/build.ts';
import type { Finding } from '../model/finding.ts';
import type { Component } from '../model/inventory.ts';
import { plainLocation } from '../model/location.ts';
import type { Judgement } from './judge.ts';

const RULE_ID = 'license-not-allowed';
const MAX_SHOWN = 200;

/** The finding of a component whose licence is not on the allow list of its scope. */
export function licenseFinding(
  component: Component,
  scope: 'runtime' | 'dev',
  { claims, expression, failing, branch }: Extract<Judgement, { result: 'fail' }>,
): Finding {
  const [claim] = claims;
  const label = packageLabel(component);
  const shown = shorten(expression);
  return buildFinding(
    {
      kind: 'license',
      ecosystem: component.ecosystem ?? '',
      name: component.name,
      projectId: component.project,
      ruleId: RULE_ID,
      expression,
    },
    {
      ruleId: RULE_ID,
      severity: 'high',
      confidence: claim?.confidence ?? 'low',
      title: `${label}: licence ${shown} is not allowed`,
      message: `${label} is licensed under ${shown} (${claim?.acknowledgement} by ${claim?.source}), and the allow list for ${scope === 'dev' ? 'development' : 'runtime'} dependencies lacks ${shorten(failing.join(', '))}.`,
      tip: `Replace ${component.name}, or have the licence looked at and add it to the allow list, or make an exception for this package with a reason.`,
      project: component.project,
      component: component.ref,
      aliases: [],
      cwes: [],
      locations: component.locations.map(plainLocation),
      sources: [{ tool: 'plimsoll', ruleId: RULE_ID }],
      detail: {
        kind: 'license',
        expression,
        result: 'fail',
        failing,
        ...(branch === undefined ? {} : { branch }),
      },
    },
  );
}

/** `name@version`, as people write it. */
export function packageLabel({ name, version }: Component): string {
  return version === undefined ? name : `${name}@${version}`;
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

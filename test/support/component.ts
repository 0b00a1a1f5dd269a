// SPDX-License-Identifier: Apache-2.0
import type { Component } from '../../src/model/inventory.ts';
import { packagePurl } from '../../src/model/purl.ts';

/** A direct runtime dependency, locked at 1.0.0 in package-lock.json, but for what `fields` says. */
export function component(name: string, fields: Partial<Component> = {}): Component {
  const { project = 'package-lock.json', ecosystem = 'npm', version = '1.0.0' } = fields;
  const purl = packagePurl(ecosystem, name, version);
  return {
    ref: `${project}#${purl}`,
    project,
    purl,
    name,
    version,
    ecosystem,
    origin: 'registry',
    pinning: 'resolved',
    scopes: ['runtime'],
    direct: true,
    artifacts: [],
    licenses: [],
    flags: {},
    locations: [{ uri: project, startLine: 7 }],
    ...fields,
  };
}

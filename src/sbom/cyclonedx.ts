// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import * as Serialize from '@cyclonedx/cyclonedx-library/Serialize';
import * as Spec from '@cyclonedx/cyclonedx-library/Spec';
import type { Coverage } from '../model/coverage.ts';
import type { Component, DependencyNode, Inventory } from '../model/inventory.ts';
import { compareText } from '../model/order.ts';
import type { Report, Subject } from '../model/report.ts';
import { componentRenderer } from './component.ts';
import { compositions } from './compositions.ts';
import { bomMetadata, rootOf } from './metadata.ts';

export interface CycloneDxInput {
  readonly inventory: Inventory;
  /** All rows; those about collecting say how complete the inventory is. */
  readonly coverage: readonly Coverage[];
  readonly subject: Subject;
  readonly tool: Report['tool'];
  readonly timestamp: Date;
}

/**
 * The inventory as CycloneDX 1.6 JSON, in pieces of about 64 KiB: the whole document is never in memory. Components
 * and edges are those of the model, in code-unit order of their refs, which are the `bom-ref`s. Two runs on the
 * same input differ in `metadata.timestamp` alone; the serial number is made from everything else and therefore
 * stands at the end.
 *
 * The library normalises and we write. Its sub-path `Serialize` asks for the optional peer `xmlbuilder2` as soon as
 * it is loaded; a bundle puts an empty module there, since an external would be loaded from wherever the bundle lies.
 *
 * @throws TypeError where an edge leads to no component
 * @see https://cyclonedx.org/docs/1.6/json/
 */
export function* renderCycloneDx(input: CycloneDxInput): Generator<string> {
  const hash = createHash('sha256');
  let batch = '';
  for (const { text, hashed = text } of documentPieces(input)) {
    hash.update(hashed);
    batch += text;
    if (batch.length < BATCH) continue;
    yield batch;
    batch = '';
  }
  yield `${batch},\n"serialNumber":${JSON.stringify(`urn:uuid:${uuidOf(hash.digest())}`)}\n}\n`;
}

const BATCH = 64 * 1024;

interface Piece {
  readonly text: string;
  /** What counts for the serial number, where it is not the text. */
  readonly hashed?: string;
}

function* documentPieces(input: CycloneDxInput): Generator<Piece> {
  const { inventory } = input;
  const factory = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  const render = componentRenderer(factory, inventory.projects);
  const root = rootOf(inventory, input.subject);
  yield {
    text: `{\n"$schema":"http://cyclonedx.org/schema/bom-1.6.schema.json",\n"bomFormat":"CycloneDX",\n"specVersion":"1.6",\n"version":1`,
  };
  const { timestamp, ...metadata } = bomMetadata(input, factory, render(root.component, 'root'));
  const timeless = JSON.stringify(metadata);
  yield {
    text: `,\n"metadata":{"timestamp":${JSON.stringify(timestamp)},${timeless.slice(1)}`,
    hashed: timeless,
  };
  const components = inventory.components.filter(({ ref }) => ref !== root.component.ref).sort(byRef);
  yield* array('components', components, (component) => render(component));
  yield* array('dependencies', dependencies(inventory, root.component, root.dependsOn), (node) => node);
  yield* array('compositions', compositions(inventory, input.coverage), (composition) => composition);
}

/** One member of the document with one element a line, so that a diff of two documents can be read. */
function* array<T>(key: string, items: Iterable<T>, normalize: (item: T) => unknown): Generator<Piece> {
  let separator = `,\n"${key}":[\n`;
  for (const item of items) {
    yield { text: separator + JSON.stringify(normalize(item)) };
    separator = ',\n';
  }
  yield { text: separator.endsWith('[\n') ? `${separator}]` : '\n]' };
}

/** One node per component, leaves included; the edges of one node are a set. */
function* dependencies(
  { components, dependencies: nodes }: Inventory,
  root: Component,
  rootEdges: DependencyNode['dependsOn'] | undefined,
): Generator<{ ref: string; dependsOn?: string[] }> {
  const edges = new Map(nodes.map((node) => [node.ref, node.dependsOn]));
  if (rootEdges) edges.set(root.ref, rootEdges);
  const refs = new Set(components.map(({ ref }) => ref)).add(root.ref);
  for (const ref of [...refs].sort(compareText)) {
    const dependsOn = [...new Set((edges.get(ref) ?? []).map((edge) => edge.ref))].sort(compareText);
    const stranger = dependsOn.find((target) => !refs.has(target));
    if (stranger !== undefined) throw new TypeError(`edge from ${ref} to ${stranger}, which is no component`);
    yield { ref, ...(dependsOn.length === 0 ? {} : { dependsOn }) };
  }
}

function byRef(a: Component, b: Component): number {
  return compareText(a.ref, b.ref);
}

/** Version 8, a name-based UUID over sha256: https://www.rfc-editor.org/rfc/rfc9562#section-5.8 */
function uuidOf(digest: Buffer): string {
  const bytes = digest.subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

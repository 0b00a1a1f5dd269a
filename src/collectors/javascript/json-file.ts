// SPDX-License-Identifier: Apache-2.0
import type { Location } from '../../model/location.ts';
import { errorMessage, PlimsollError } from '../../platform/errors.ts';
import { findJsonFault } from '../../platform/json-fault.ts';
import type { FileSource } from '../collector.ts';
import { isObject, type JsonObject } from './lock-node.ts';

/** A file that holds one JSON object, or what keeps it from being read. */
export type JsonFile =
  | { readonly status: 'read'; readonly text: string; readonly value: JsonObject }
  | { readonly status: 'absent' }
  | JsonFailure;

export interface JsonFailure {
  readonly status: 'failed';
  readonly cause: 'unreadable' | 'unparsable' | 'limit-exceeded';
  readonly location: Location;
  readonly reason: string;
}

/** Reads UTF-8 with or without byte order mark. Never throws, but for an abort. */
export async function readJsonFile(path: string, files: FileSource): Promise<JsonFile> {
  let text: string;
  try {
    const bytes = await files.read(path);
    if (bytes === undefined) return { status: 'absent' };
    text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  } catch (error) {
    const code = error instanceof PlimsollError ? error.code : undefined;
    if (code === 'aborted') throw error;
    const cause = code === 'file-too-large' ? 'limit-exceeded' : 'unreadable';
    // The place is told beside the reason.
    const message = errorMessage(error);
    const reason = message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
    return { status: 'failed', cause, location: { uri: path }, reason };
  }
  return parseJsonFile(path, text.startsWith('\uFEFF') ? text.slice(1) : text);
}

function parseJsonFile(path: string, text: string): JsonFile {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return { status: 'read', text, value };
    return unparsable({ uri: path, startLine: 1 }, 'expected a JSON object');
  } catch (error) {
    const fault = findJsonFault(text);
    if (fault === undefined) return unparsable({ uri: path }, errorMessage(error));
    return unparsable({ uri: path, startLine: fault.line }, `expected ${fault.expected}, got ${fault.got}`);
  }
}

function unparsable(location: Location, reason: string): JsonFailure {
  return { status: 'failed', cause: 'unparsable', location, reason };
}

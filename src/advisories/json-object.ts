// SPDX-License-Identifier: Apache-2.0

/** A JSON object of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value where it is an object. */
export function asObject(value: unknown): Fields | undefined {
  return isObject(value) ? value : undefined;
}

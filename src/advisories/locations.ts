// SPDX-License-Identifier: Apache-2.0
import type { ComponentLocation } from '../model/inventory.ts';
import type { Location } from '../model/location.ts';

/** The place alone, without the requirement and the marker that a component's location carries. */
export function plainLocation({ requirement: _, marker: __, ...location }: ComponentLocation): Location {
  return location;
}

// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { imageName } from '../../src/model/image-name.ts';

it.each([
  ['alpine', 'alpine'],
  ['alpine:3.19', 'alpine'],
  ['registry.example:5000/team/app', 'registry.example:5000/team/app'],
  ['registry.example:5000/team/app:1.2@sha256:00ff', 'registry.example:5000/team/app'],
  ['/home/alice/build/image.tar', 'image.tar'],
  ['C:\\build\\image.tar', 'image.tar'],
  ['./out/', './out/'],
  ['bom.json', 'bom.json'],
  [':1', ':1'],
  ['', ''],
])('the image of %j is %j', (reference, name) => {
  expect(imageName(reference)).toBe(name);
});

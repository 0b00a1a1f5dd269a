// SPDX-License-Identifier: Apache-2.0

/**
 * An image without its tag, its digest and the directories of the machine: what is found in the next build of an image
 * is the same problem. Other texts stay as they are.
 *
 * @param reference `registry.example:5000/team/app:1.2@sha256:...`, or the path of an archive
 */
export function imageName(reference: string): string {
  const name = /^[./]|\\/.test(reference) ? (reference.split(/[\\/]/).at(-1) ?? '') : reference;
  return name.replace(/@sha256:[0-9a-f]+$/i, '').replace(/(?<=.):\w[\w.-]*$/, '') || reference;
}

// SPDX-License-Identifier: Apache-2.0
declare module 'spdx-satisfies' {
  /** @throws Error for what its parser does not know, and for an approved licence with AND or OR. */
  function satisfies(expression: string, approved: readonly string[]): boolean;
  export = satisfies;
}

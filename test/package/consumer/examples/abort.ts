// SPDX-License-Identifier: Apache-2.0
import { PlimsollError, type Report, scan } from 'plimsoll';

export async function scanWithin(root: string, milliseconds: number): Promise<Report | undefined> {
  try {
    return await scan({ root, signal: AbortSignal.timeout(milliseconds) });
  } catch (error) {
    if (error instanceof PlimsollError && error.code === 'aborted') return undefined;
    throw error;
  }
}

// SPDX-License-Identifier: Apache-2.0
import { osvScanner } from './osv-scanner.ts';
import type { Scanner } from './scanner.ts';

export const SCANNERS: readonly Scanner[] = [osvScanner];

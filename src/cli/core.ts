// SPDX-License-Identifier: Apache-2.0

// What a scan needs. The build puts it into one file of the bundle: split by who needs what, it would be twenty-five, and
// each costs a scan half a millisecond.
import './commands/scan.ts';

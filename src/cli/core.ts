// SPDX-License-Identifier: Apache-2.0

// What nearly every command needs. The build puts it into one file of the bundle: split by who needs what, it would be
// twenty of a few hundred bytes, and each costs a scan half a millisecond.
import '../findings/build.ts';
import '../findings/coverage-errors.ts';
import '../findings/paths.ts';
import '../findings/rules.ts';
import '../model/finding.ts';
import '../model/inventory.ts';
import '../model/location.ts';
import '../model/order.ts';
import '../model/purl.ts';
import '../model/version.ts';
import '../platform/errors.ts';
import '../platform/fs.ts';
import '../platform/http-rules.ts';
import '../platform/paths.ts';
import '../platform/repository.ts';
import '../policy/packages.ts';
import '../policy/problems.ts';
import '../reports/encode.ts';
import '../versions/pep440.ts';
import './exit-codes.ts';
import './formats.ts';
import './subject.ts';
import '../advisories/choices.ts';
import '../advisories/osv-api/address.ts';
import './network.ts';

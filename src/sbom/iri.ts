// SPDX-License-Identifier: Apache-2.0

/**
 * A URL of a lock as a valid IRI reference: `git@host:path`, which is none, becomes `ssh://git@host/path`, and what
 * a URL may not hold is percent-encoded.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3987#section-2.2
 */
export function iriReference(url: string): string {
  if (PLAIN.test(url)) return url;
  const [, scp, path] = /^([\w.-]+@[\w.-]+):(?!\/\/)(.*)$/s.exec(url) ?? [];
  const absolute = scp === undefined ? url : `ssh://${scp}/${path?.replace(/^\/+/, '')}`;
  const legal = absolute
    .toWellFormed()
    .replace(/%(?![0-9a-f]{2})/gi, '%25')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not stay
    .replace(/[\u0000-\u0020"<>[\\\]^`{|}\u007f-\u009f\u2028\u2029\ufff0-\uffff]/g, encodeURIComponent);
  const fragment = legal.indexOf('#') + 1;
  const single =
    fragment === 0 ? legal : legal.slice(0, fragment) + legal.slice(fragment).replaceAll('#', '%23');
  // A colon in the first segment would make it a scheme.
  return /^[a-z][a-z0-9+.-]*:/i.test(single) || !/^[^/?#]*:/.test(single) ? single : `./${single}`;
}

/** Most locks hold nothing else. */
const PLAIN = /^https?:\/\/[\w.~/@+:-]*$/;

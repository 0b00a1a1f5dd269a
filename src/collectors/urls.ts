// SPDX-License-Identifier: Apache-2.0

/**
 * The text with what authenticates cut out of every address in it: user name and password, and the whole query of a
 * URL, since a token there goes by any name (`sig`, `X-Amz-Signature`, `private_token`). What stays names a place
 * and a file: host, path, and the fragment, in which pip has names and hashes and npm a commit. A user name that
 * only says what is spoken stays too (`git@host`). Where a password is not encoded as it should be
 * (`https://user:pa/ss@host`), rather too much is cut than too little. Linear.
 */
export function withoutCredentials(text: string): string {
  // Nearly all of a lock's, and what follows costs more than the rest of an entry.
  if (PLAIN_URL.test(text)) return text;
  return text.replace(PASSWORD_WITH_BLANKS, '$1').replace(/\S+/g, (word) => {
    const start = word.search(URL_START);
    return start < 0 ? cleanAddress(word) : word.slice(0, start) + cleanUrl(word.slice(start));
  });
}

/** A user name, and a password that is not encoded as it should be. */
const PASSWORD_WITH_BLANKS = /(:\/\/)[^\s/@:]*:[^/@\r\n]*@/g;

const PLAIN_URL = /^https?:\/\/[\w.-]+(?::\d+)?\/[^\s:?\\]*$/;

// A URL parser takes `https:host` and `https:\\host` for `https://host`. https://url.spec.whatwg.org/#url-parsing
const WEB = '(?:https?|ftps?):[\\\\/]*';
const START = `${WEB}|://|(?<![^@=,("'])//`;
const URL_START = new RegExp(START, 'i');
const AUTHORITY = new RegExp(`(${START})([^\\\\/#]*)`, 'gi');
const WEB_AUTHORITY = new RegExp(`^(${WEB})([^\\\\/?#]*)`, 'i');

function cleanUrl(url: string): string {
  return encoded(url)
    .replace(/\?[^#]*/g, '')
    .replace(AUTHORITY, (_, start: string, authority: string) => {
      const at = authority.lastIndexOf('@');
      return start + (PROTOCOL_USER.test(authority) ? authority : authority.slice(at + 1));
    });
}

/** Without what was meant to be a password: a colon that no port follows, and an `@` after the end of the host. */
function encoded(url: string): string {
  const [, start = '', authority = ''] = WEB_AUTHORITY.exec(url) ?? [];
  const isHost = authority.startsWith('[') || /^[^:]*(?::\d*)?$/.test(authority);
  const at = url.lastIndexOf('@');
  return isHost || authority.includes('@') || at < 0 ? url : start + url.slice(at + 1);
}

const PROTOCOL_USER = /^(?:git|hg|svn|bzr)@[^@]*$/i;
/** npm's names for repositories: `github:user:password@owner/repository`. */
const SHORTHAND = /^(?:github|gitlab|bitbucket|gist):/i;
const NO_ADDRESS = /^(?:npm|file|link|portal|workspace|catalog):/i;

/** `user:password@host:path`; a name before `@` alone is that of a package or of ssh. */
function cleanAddress(word: string): string {
  if (NO_ADDRESS.test(word)) return word;
  const prefix = SHORTHAND.exec(word)?.[0] ?? '';
  const [head = ''] = word.split('/', 1);
  const at = head.lastIndexOf('@');
  const isUser = prefix !== '' || head.slice(0, Math.max(at, 0)).includes(':');
  return isUser && at >= 0 ? prefix + word.slice(at + 1) : word;
}

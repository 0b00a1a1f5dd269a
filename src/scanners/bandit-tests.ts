// SPDX-License-Identifier: Apache-2.0
import type { Severity } from '../model/finding.ts';

interface BanditTest {
  /** In our words; Bandit's own names are those of its functions, and one of them for all of B3 and B4. */
  readonly title: string;
  readonly severity: Severity;
  readonly cwe: number;
}

/**
 * Title, severity and weakness of Bandit's tests; the severity is the highest that each can report. Bandit itself rates
 * single results, some of them differently for one test.
 * @see https://bandit.readthedocs.io/en/1.9.4/plugins/index.html
 */
export const BANDIT_TESTS: ReadonlyMap<string, BanditTest> = new Map(
  (
    [
      ['B101', 'low', 703, 'Assert statement in code'],
      ['B102', 'medium', 78, 'Use of exec'],
      ['B103', 'high', 732, 'File permissions that are too wide'],
      ['B104', 'medium', 605, 'Socket bound to all interfaces'],
      ['B105', 'low', 259, 'Hardcoded password in a string'],
      ['B106', 'low', 259, 'Hardcoded password as an argument'],
      ['B107', 'low', 259, 'Hardcoded password as a default value'],
      ['B108', 'medium', 377, 'Hardcoded path of a temporary file'],
      ['B110', 'low', 703, 'Exception passed over in silence'],
      ['B112', 'low', 703, 'Exception skipped in a loop'],
      ['B113', 'medium', 400, 'HTTP request without a timeout'],
      ['B201', 'high', 94, 'Flask application in debug mode'],
      ['B202', 'high', 22, 'Archive extracted without a check of its members'],
      ['B301', 'medium', 502, 'Deserialization with pickle'],
      ['B302', 'medium', 502, 'Deserialization with marshal'],
      ['B303', 'medium', 327, 'Weak hash function'],
      ['B304', 'high', 327, 'Weak cipher'],
      ['B305', 'medium', 327, 'Weak cipher mode'],
      ['B306', 'medium', 377, 'Use of tempfile.mktemp'],
      ['B307', 'medium', 78, 'Use of eval'],
      ['B308', 'medium', 79, 'Use of Django mark_safe'],
      ['B310', 'medium', 22, 'URL opened without a check of its scheme'],
      ['B311', 'low', 330, 'Pseudo-random generator that is not for security'],
      ['B312', 'high', 319, 'Use of Telnet'],
      ['B313', 'medium', 20, 'Untrusted XML parsed with cElementTree'],
      ['B314', 'medium', 20, 'Untrusted XML parsed with ElementTree'],
      ['B315', 'medium', 20, 'Untrusted XML parsed with expatreader'],
      ['B316', 'medium', 20, 'Untrusted XML parsed with expatbuilder'],
      ['B317', 'medium', 20, 'Untrusted XML parsed with sax'],
      ['B318', 'medium', 20, 'Untrusted XML parsed with minidom'],
      ['B319', 'medium', 20, 'Untrusted XML parsed with pulldom'],
      ['B320', 'medium', 20, 'Untrusted XML parsed with lxml'],
      ['B321', 'high', 319, 'Use of FTP'],
      ['B323', 'medium', 295, 'TLS context without verification'],
      ['B324', 'high', 327, 'Weak hash function of hashlib'],
      ['B325', 'medium', 377, 'Use of os.tempnam or os.tmpnam'],
      ['B401', 'high', 319, 'Import of a Telnet module'],
      ['B402', 'high', 319, 'Import of an FTP module'],
      ['B403', 'low', 502, 'Import of pickle or a similar module'],
      ['B404', 'low', 78, 'Import of subprocess'],
      ['B405', 'low', 20, 'Import of xml.etree'],
      ['B406', 'low', 20, 'Import of xml.sax'],
      ['B407', 'low', 20, 'Import of xml.expat'],
      ['B408', 'low', 20, 'Import of xml.dom.minidom'],
      ['B409', 'low', 20, 'Import of xml.dom.pulldom'],
      ['B410', 'low', 20, 'Import of lxml'],
      ['B411', 'high', 20, 'Import of xmlrpc'],
      ['B412', 'high', 284, 'Import of a CGI handler open to httpoxy'],
      ['B413', 'high', 327, 'Import of pyCrypto'],
      ['B415', 'high', 319, 'Import of an IPMI module'],
      ['B501', 'high', 295, 'TLS certificate not verified'],
      ['B502', 'high', 327, 'Insecure version of SSL or TLS'],
      ['B503', 'medium', 327, 'Insecure version of SSL or TLS as a default value'],
      ['B504', 'low', 327, 'SSL socket without a stated version'],
      ['B505', 'high', 326, 'Cryptographic key that is too short'],
      ['B506', 'medium', 20, 'YAML loaded without a safe loader'],
      ['B507', 'high', 295, 'SSH host key not verified'],
      ['B508', 'medium', 319, 'SNMP version without encryption'],
      ['B509', 'medium', 319, 'SNMP without authentication or encryption'],
      ['B601', 'medium', 78, 'Command run through Paramiko'],
      ['B602', 'high', 78, 'Subprocess call with shell=True'],
      ['B603', 'low', 78, 'Subprocess call without a shell'],
      ['B604', 'medium', 78, 'Function call with shell=True'],
      ['B605', 'high', 78, 'Process started through a shell'],
      ['B606', 'low', 78, 'Process started without a shell'],
      ['B607', 'low', 78, 'Process started by a partial path'],
      ['B608', 'medium', 89, 'SQL query built from strings'],
      ['B609', 'high', 155, 'Wildcard in a shell command'],
      ['B610', 'medium', 89, 'SQL in Django extra()'],
      ['B611', 'medium', 89, 'Raw SQL in Django'],
      ['B612', 'medium', 94, 'Logging configuration read from a socket'],
      ['B613', 'high', 838, 'Characters that reorder source code'],
      ['B614', 'medium', 502, 'PyTorch model loaded without weights_only'],
      ['B615', 'medium', 494, 'Hugging Face download without a fixed revision'],
      ['B701', 'high', 94, 'Jinja2 without autoescape'],
      ['B702', 'medium', 80, 'Use of Mako templates'],
      ['B703', 'medium', 80, 'Django mark_safe on a value that is not constant'],
      ['B704', 'medium', 79, 'Markup of a value that is not constant'],
    ] as const
  ).map(([id, severity, cwe, title]) => [id, { title, severity, cwe }] as const),
);

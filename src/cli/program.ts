// SPDX-License-Identifier: Apache-2.0
import { Command, CommanderError, Option } from 'commander';
import { ADVISORY_CHOICES } from '../advisories/choices.ts';
import { SEVERITIES } from '../model/finding.ts';
import { VERSION } from '../model/version.ts';
import { EXIT } from './exit-codes.ts';
import { reportFailure } from './failure.ts';
import { FORMATS } from './formats.ts';
import { type Io, processIo } from './io.ts';

/** A command's own module, loaded when it runs: `--help` and the other commands do not pay for it. */
type Action = (
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
  io: Io,
) => Promise<number>;

/** Runs the program with the arguments after the script's name; resolves to the exit status and never throws. */
export async function run(argv: readonly string[]): Promise<number> {
  const controller = new AbortController();
  const abort = () => controller.abort(new Error('interrupted'));
  process.once('SIGINT', abort);
  process.once('SIGTERM', abort);
  const verbose = argv.includes('--verbose');
  const io = processIo(controller.signal, {
    verbose,
    quiet: argv.includes('--quiet'),
    noColor: argv.includes('--no-color'),
  });
  try {
    return await parse(argv, io);
  } catch (error) {
    if (controller.signal.aborted) return EXIT.interrupted;
    return error instanceof CommanderError ? EXIT.usage : reportFailure(error, io, verbose);
  } finally {
    process.removeListener('SIGINT', abort);
    process.removeListener('SIGTERM', abort);
  }
}

async function parse(argv: readonly string[], io: Io): Promise<number> {
  let exitCode: number = EXIT.pass;
  const help: string[] = [];
  const program = buildProgram(
    io,
    (code) => {
      exitCode = code;
    },
    help,
  );
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error;
    await io.print(help);
  }
  return exitCode;
}

/** The text of `plimsoll --help`; the build writes it into the entry. */
export function helpText(): string {
  const nowhere = { fail: () => {} } as unknown as Io;
  const help: string[] = [];
  const program = buildProgram(nowhere, () => {}, help);
  program.configureOutput({
    getOutHelpWidth: () => 80,
    getOutHasColors: () => false,
  });
  program.outputHelp();
  return help.join('');
}

/** `help` gets what the program prints of itself. */
function buildProgram(io: Io, done: (exitCode: number) => void, help: string[]): Command {
  const program = new Command('plimsoll')
    .description('One verdict for a release: what is on board, whether it may sail, and the papers for it.')
    .version(VERSION, '-V, --version')
    .configureHelp({ showGlobalOptions: false })
    .showSuggestionAfterError()
    .showHelpAfterError('(plimsoll COMMAND --help shows the options and examples)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        help.push(text);
      },
      writeErr: (text) => {
        for (const line of text.trimEnd().split('\n')) io.fail(line);
      },
    })
    .addHelpText('after', examples('scan', 'sbom -o sbom.cdx.json', 'db import npm/all.zip PyPI/all.zip'));

  const on =
    (load: () => Promise<{ run: Action }>) =>
    async (...received: unknown[]): Promise<void> => {
      const command = received.at(-1) as Command;
      const { run } = await load();
      done(await run(command.args, command.optsWithGlobals(), io));
    };

  const scan = report(advisories(collecting(program.command('scan [paths...]'))))
    .summary('collect, match, check licences, apply the policy, report')
    .description(
      'Collects the locked dependencies below PATH, matches them with advisories, checks their licences, and lets the policy decide.',
    )
    .addOption(
      new Option('--fail-on <severity>', 'fail from this severity on; can only tighten the policy').choices(
        SEVERITIES.slice(0, 4),
      ),
    )
    .addOption(
      new Option('--on-incomplete <what>', 'what an incomplete run does')
        .choices(['fail', 'warn'])
        .default('fail'),
    )
    .option('--run <tool>', 'also run another scanner; repeatable', append)
    .option('--import <report>', 'read the report of another scanner: [TOOL=]FILE; repeatable', append)
    .action(on(() => import('./commands/scan.ts')));
  scan.addHelpText(
    'after',
    examples(
      'scan',
      'scan services/api --omit dev',
      'scan -o results.sarif -o report.json',
      'scan -L requirements:deps/pinned.list --offline',
      'scan --run gitleaks --import bandit.json --import trivy=report.json',
    ),
  );

  output(collecting(program.command('sbom [path]')), FORMATS.sbom)
    .summary('write a CycloneDX SBOM')
    .description(
      'Writes the inventory below PATH as CycloneDX 1.6 JSON, with hashes, licences, the graph and the line of every component.',
    )
    .addOption(new Option('--spec-version <version>', 'CycloneDX version').choices(['1.6']).default('1.6'))
    .action(on(() => import('./commands/sbom.ts')))
    .addHelpText(
      'after',
      examples('sbom', 'sbom -o sbom.cdx.json', 'sbom web --omit dev -o cyclonedx=web.json'),
    );

  output(program.command('sarif [reports...]'), FORMATS.sarif)
    .summary('reports of other tools as one SARIF file')
    .description(
      'Reads the reports of other tools, each [TOOL=]FILE, and writes one SARIF file with a run per tool. It judges nothing: the gate is scan --import.',
    )
    .addOption(
      new Option('--profile <profile>', 'for whom the file is')
        .choices(['github', 'archive', 'ghes', 'azure'])
        .default('github'),
    )
    .option('--policy <file>', 'policy file instead of plimsoll.yaml, for the levels of results')
    .option(
      '--lint <file>',
      'instead: say what GitHub refuses or cuts of a SARIF file; -o: the file without it',
    )
    .action(on(() => import('./commands/sarif.ts')))
    .addHelpText(
      'after',
      examples(
        'sarif bandit.json gitleaks.json -o results.sarif',
        'sarif trivy=report.json --profile archive',
        'sarif --lint results.sarif',
      ),
    );

  output(collecting(program.command('licenses [path]')), FORMATS.licenses)
    .summary('list and check licences')
    .description(
      'Lists the licences below PATH with the packages that carry them, and checks them against the policy.',
    )
    .option('--policy <file>', 'policy file instead of plimsoll.yaml')
    .option('--explain <package>', 'show the claims and the decision for one package')
    .action(on(() => import('./commands/licenses.ts')))
    .addHelpText('after', examples('licenses', 'licenses --json', 'licenses --explain lodash'));

  const db = program.command('db').description('The advisory mirror: a local copy of OSV records.');
  mirror(output(db.command('import [paths...]'), FORMATS.db))
    .description(
      'Imports OSV records: an all.zip, a folder of JSON, or one record. A zip or folder replaces the ecosystems it holds. Also imports EPSS scores and the KEV catalogue.',
    )
    .option('--epss <file>', 'EPSS scores of FIRST: epss_scores-YYYY-MM-DD.csv, plain or .gz')
    .option('--kev <file>', 'KEV catalogue of CISA: known_exploited_vulnerabilities.json')
    .option('--allow-rollback', 'accept data that is older than, or much smaller than, what is there')
    .action(on(async () => ({ run: (await import('./commands/db.ts')).runImport })))
    .addHelpText(
      'after',
      examples(
        'db import npm/all.zip PyPI/all.zip',
        'db import GHSA-xxxx.json',
        'db import --epss epss_scores-current.csv.gz --kev known_exploited_vulnerabilities.json',
      ),
    );
  mirror(output(db.command('update'), FORMATS.db))
    .description(
      "Brings the mirror up to date from OSV's public bucket, or from another place with its layout, and EPSS scores and the KEV catalogue from their publishers. Archives first, after that only what is new, changed or gone.",
    )
    .option(
      '--from <url>',
      'https or file URL of a bucket; repeatable, the next one is asked where one fails',
      append,
    )
    .option('--epss <url>', 'https address of the EPSS scores')
    .option('--no-epss', 'leave the EPSS scores as they are')
    .option('--kev <url>', 'https address of the KEV catalogue')
    .option('--no-kev', 'leave the KEV catalogue as it is')
    .option('--ca-cert <file>', 'trust the certificates in FILE (PEM) as well')
    .option('--allow-rollback', 'accept data that is older than, or much smaller than, what is there')
    .action(on(() => import('./commands/db-update.ts')))
    .addHelpText(
      'after',
      examples(
        'db update',
        'db update --from https://mirror.example/osv --no-epss --no-kev',
        'db update --from file:///media/osv',
      ),
    );
  mirror(output(db.command('status'), FORMATS.db))
    .description('Shows what the mirror holds and how old it is.')
    .action(on(async () => ({ run: (await import('./commands/db.ts')).runStatus })));
  mirror(output(db.command('verify'), FORMATS.db))
    .description('Reads every byte of the mirror and compares it with its hash.')
    .action(on(async () => ({ run: (await import('./commands/db-upkeep.ts')).runVerify })));
  mirror(output(db.command('export <dir>'), FORMATS.db))
    .description("Writes the records in the layout of OSV's bucket, for a machine without network.")
    .option('--ecosystem <name>', 'only PyPI or npm; repeatable', append)
    .action(on(async () => ({ run: (await import('./commands/db-upkeep.ts')).runExport })))
    .addHelpText(
      'after',
      examples('db export /media/osv', 'db update --from file:///media/osv --no-epss --no-kev'),
    );
  mirror(output(db.command('prune'), FORMATS.db))
    .description('Removes former generations and what killed imports left behind.')
    .action(on(async () => ({ run: (await import('./commands/db-upkeep.ts')).runPrune })));

  const policy = program.command('policy').description('The policy file.');
  policy
    .command('check [file]')
    .description('Checks a policy file, plimsoll.yaml by default, and says what it gates.')
    .action(on(() => import('./commands/policy.ts')))
    .addHelpText('after', examples('policy check', 'policy check ci/plimsoll.yaml'));

  for (const command of [program, ...descendants(program)]) {
    command
      .option('--offline', 'open no socket')
      .option('--quiet', 'no notes on standard error, errors alone')
      .option('--verbose', 'say on standard error what was read, and where an internal error arose')
      .option('--no-color', 'no colours, whatever the terminal');
  }
  return program;
}

function descendants(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...descendants(child)]);
}

function collecting(command: Command): Command {
  return command
    .option('-L, --manifest <format:file>', 'read a manifest of any name as FORMAT; repeatable', append)
    .option('--exclude <glob>', 'leave out paths; reported; repeatable', append)
    .addOption(
      new Option(
        '--omit <scope>',
        'leave out dev, optional or peer dependencies; reported; repeatable',
      ).argParser(append),
    );
}

function advisories(command: Command): Command {
  return mirror(command)
    .addOption(
      new Option('--advisories <source>', 'where advisory records come from')
        .choices(ADVISORY_CHOICES)
        .default('auto'),
    )
    .option('--advisories-url <url>', 'address of the OSV API, instead of https://api.osv.dev')
    .option('--ca-cert <file>', 'trust the certificates in FILE (PEM) as well');
}

function mirror(command: Command): Command {
  return command
    .option('--db <dir>', 'directory of the advisory mirror')
    .addOption(new Option('--now <time>', 'judge as of this time').hideHelp());
}

function report(command: Command): Command {
  return output(command, FORMATS.scan).option('--policy <file>', 'policy file instead of plimsoll.yaml');
}

function output(command: Command, formats: readonly string[]): Command {
  command
    .option('-f, --format <format>', `what standard output gets: ${formats.join(', ')}`)
    .option(
      '-o, --output <format=file>',
      'write a document to a file as well; FILE alone when its suffix tells the format; repeatable',
      append,
    );
  return formats.includes('json') ? command.option('--json', 'same as -f json') : command;
}

function append(value: string, previous: unknown): string[] {
  return [...(Array.isArray(previous) ? (previous as string[]) : []), value];
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ plimsoll ${line}`).join('\n')}\n`;
}

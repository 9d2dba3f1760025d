import { parseArgs } from 'node:util';
import { UsageError } from './failures.ts';

interface Command {
  usage: string;
  /** Names of operands: `?` marks those that may be missing. */
  operands: readonly string[];
  flags: readonly string[];
}

const EXIT = `
Ends with 0 when done, 1 when it failed, 2 when the command line is wrong, 3 when it refused
(nothing was touched), 130 when stopped.`;

const WHERE = `
Works on the database that DATABASE_URL names, otherwise on the embedded one in DATA_DIR (./data).`;

export const commands = {
  backup: {
    operands: ['file?'],
    flags: ['json'],
    usage: `teambrain backup [file] [--json]

Writes the database and the files that belong to it, as of one moment, into one new file (default:
teambrain-<time>.tar). TeamBrain may run meanwhile. The file holds everything that people wrote and
hashes of their passwords, but no secret: it can be read by you alone; keep it so.
${WHERE}
--json  prints the report as JSON
${EXIT}`,
  },
  restore: {
    operands: ['file'],
    flags: ['replace', 'with-deleted', 'json'],
    usage: `teambrain restore <file> [--replace [--with-deleted]] [--json]

Puts a backup in place: all of it or nothing. Stop TeamBrain first. The file is read through before
anything is touched; one that is damaged, incomplete, foreign or newer is refused. Everyone has to
sign in again, and open windows load anew.
${WHERE}
--replace       also if that database is in use; what was there is kept aside, and the report says
                where. What people deleted there since the backup is deleted again, and
                memberships that ended since end again
--with-deleted  brings that back as well
--json          prints the report as JSON
${EXIT}`,
  },
  doctor: {
    operands: [],
    flags: ['json'],
    usage: `teambrain doctor [--json]

Checks what must hold in the data and names what does not. Changes nothing; TeamBrain may run.
${WHERE}
--json  prints the report as JSON
${EXIT.replace(', 130', ', 4 when it\nfound faults, 130')}`,
  },
  'migrate-to-postgres': {
    operands: [],
    flags: ['json'],
    usage: `teambrain migrate-to-postgres [--json]

Copies the embedded database in DATA_DIR (./data) into the empty one that DATABASE_URL names, and
compares numbers and hashes of all rows afterwards. Stop TeamBrain first. The data folder stays as it
is. Everyone stays signed in if TeamBrain keeps its secret.

--json  prints the report as JSON
${EXIT}`,
  },
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof commands;

export const overview = `teambrain <command>

  backup [file]          writes everything into one file, while TeamBrain runs
  restore <file>         puts a backup in place
  doctor                 checks the data
  migrate-to-postgres    moves an embedded database to a PostgreSQL server

\`teambrain <command> --help\` says more.`;

export interface Invocation {
  command: CommandName;
  operand: string | undefined;
  isReplacing: boolean;
  isWithDeleted: boolean;
  isJson: boolean;
}

/** @returns the invocation, or the help that was asked for @throws UsageError */
export function parseCommand(args: readonly string[]): Invocation | { help: string } {
  const [name, ...rest] = args;
  if (name === undefined) throw new UsageError(overview);
  if (name === '--help' || name === '-h' || name === 'help') return { help: overview };
  if (!Object.hasOwn(commands, name)) {
    throw new UsageError(`There is no command ${name}.\n\n${overview}`);
  }
  const command = name as CommandName;
  const { operands, flags, usage }: Command = commands[command];
  const { values, positionals } = parse(rest, flags, usage);
  if (values['help']) return { help: usage };
  const needed = operands.filter((operand) => !operand.endsWith('?'));
  if (positionals.length < needed.length)
    throw new UsageError(`<${needed[0]}> is missing.\n\n${usage}`);
  if (positionals.length > operands.length) {
    throw new UsageError(`There is one argument too many.\n\n${usage}`);
  }
  if (values['with-deleted'] && !values['replace']) {
    throw new UsageError(`--with-deleted goes with --replace.\n\n${usage}`);
  }
  return {
    command,
    operand: positionals[0],
    isReplacing: values['replace'] === true,
    isWithDeleted: values['with-deleted'] === true,
    isJson: values['json'] === true,
  };
}

function parse(
  args: string[],
  flags: readonly string[],
  usage: string,
): { values: Record<string, unknown>; positionals: string[] } {
  const flag = { type: 'boolean' } as const;
  const options = Object.fromEntries(flags.map((name) => [name, flag]));
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { ...options, help: { ...flag, short: 'h' } },
    });
  } catch (error) {
    const [what = ''] = (error as Error).message.split('. ');
    throw new UsageError(`${what}.\n\n${usage}`);
  }
}

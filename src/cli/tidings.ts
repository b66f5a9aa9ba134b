import { Command, Option } from 'commander';
import { ROLES } from '../auth/roles.js';
import { type Config, readConfig } from '../config.js';
import type { DoctorOptions } from './commands/doctor.js';
import type { ReplayCommandOptions } from './commands/replay.js';
import type { SeedCommandOptions } from './commands/seed.js';
import type { CreateOptions, SetPasswordOptions } from './commands/user.js';
import { explain } from './explain.js';

/** A module of commands/ is loaded when its command runs: `help` should not wait for a database driver. */
type Load<Arguments extends unknown[]> = () => Promise<
  (config: Config, ...args: Arguments) => Promise<void> | void
>;

/**
 * Runs a command with the configuration. An expected failure is one line, not a stack. A command waits for a connection as
 * long as it takes: nobody behind it waits for an answer.
 */
const run =
  <Arguments extends unknown[]>(load: Load<Arguments>) =>
  async (...args: Arguments): Promise<void> => {
    let config: Config | undefined;
    try {
      config = { ...readConfig(), poolWait: 0 };
      const command = await load();
      await command(config, ...args);
    } catch (error) {
      console.error(`tidings: ${explain(error, config)}`);
      process.exitCode = 1;
    }
  };

const REPLAYED_AGAIN = `
The post has the same id each time, so that it can be subscribed to beforehand. Played again, the coverage goes on: the
entries of the time before stay, and are older. Who wants to begin with an empty one deletes the post first.`;

const SEEDED_AGAIN = `
The same numbers make the same rows, ids and times too. All of it comes in one transaction: whatever happens, the database
holds the whole publication or is as it was. Nobody can sign in: make an account with \`tidings user create\` afterwards.`;

const program = new Command('tidings')
  .description('The command line of Tidings. Settings come from the environment: see README.md.')
  .helpCommand('help [command]', 'say more about a command')
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error:/, 'tidings:')) })
  .showHelpAfterError('Run `npm run tidings -- help` to see what there is.');

program
  .command('serve')
  .description('serve the API, as `npm start` does: Ctrl-C or SIGTERM finishes what is under way and stops')
  .action(async () => {
    await import('../main.js');
  });

program
  .command('migrate')
  .description('bring the database to the newest schema, as a start does; does nothing when it is there')
  .action(run<[]>(async () => (await import('./commands/migrate.js')).migrateCommand));

program
  .command('import')
  .argument('<dir>', 'a folder of JSONL files (.gz too), or of Markdown files with front matter')
  .description('load a folder; twice gives the same state; exit status 1 when any record was rejected')
  .action(run<[string]>(async () => (await import('./commands/import.js')).importCommand));

program
  .command('seed')
  .description('fill an empty database with a made-up publication, to try or measure a large one')
  .requiredOption('--users <number>', 'how many accounts, from 1')
  .requiredOption('--posts <number>', 'how many posts')
  .requiredOption('--comments <number>', 'how many comments')
  .addHelpText('after', SEEDED_AGAIN)
  .action(run<[SeedCommandOptions]>(async () => (await import('./commands/seed.js')).seedCommand));

const user = program.command('user').description('make and list accounts, and set passwords');

const passwordStdin = (): Option =>
  new Option('--password-stdin', 'read the password from stdin; without it one is made up and shown');

user
  .command('create')
  .description('make an account, such as the first administrator')
  .requiredOption('--email <email>', 'the address to sign in with')
  .requiredOption('--username <username>', 'the unique name')
  .option('--name <name>', 'the name to show; without one the user name')
  .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).default('READER'))
  .addOption(passwordStdin())
  .action(run<[CreateOptions]>(async () => (await import('./commands/user.js')).createUserCommand));

user
  .command('set-password')
  .description('give an account another password, end its sessions and revoke its API tokens')
  .requiredOption('--email <email>', 'the address of the account')
  .addOption(passwordStdin())
  .action(run<[SetPasswordOptions]>(async () => (await import('./commands/user.js')).setPasswordCommand));

user
  .command('list')
  .description('print id, user name, e-mail address, role and suspension of all accounts')
  .action(run<[]>(async () => (await import('./commands/user.js')).listUsersCommand));

program
  .command('replay')
  .description('play a coverage as if it happened now, into a post of its own; Ctrl-C ends it')
  .requiredOption('--coverage <id>', 'the id of a coverage or of its post, its slug, or its imported id')
  .option('--speed <number>', 'how many times as fast as it happened, such as 60: a minute a second', '1')
  .option('--longest-pause <seconds>', 'the longest silence between two entries', '10')
  .addHelpText('after', REPLAYED_AGAIN)
  .action(run<[ReplayCommandOptions]>(async () => (await import('./commands/replay.js')).replayCommand));

program
  .command('render')
  .description('render bodies anew that an older version rendered; readers are served meanwhile')
  .action(run<[]>(async () => (await import('./commands/render.js')).renderCommand));

program
  .command('schema')
  .description('print the GraphQL schema, for code generators; needs no database')
  .action(async () => (await import('./commands/schema.js')).schemaCommand());

program
  .command('doctor')
  .description(
    'try everything that a start needs, and say what to mend; exit status 1 when there is something',
  )
  .option('--instances <number>', 'how many instances share the database', '1')
  .option('--json', 'for programs: each finding with its check, state, what, todo')
  .action(async (options: DoctorOptions) => (await import('./commands/doctor.js')).doctorCommand(options));

await program.parseAsync();

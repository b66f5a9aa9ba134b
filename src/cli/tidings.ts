import { Command } from 'commander';
import { type Config, ConfigError, readConfig } from '../config.js';
import { ImportError } from '../modules/imports/public.js';
import { importCommand } from './commands/import.js';

const program = new Command('tidings').description(
  'The command line of Tidings. Settings come from the environment: see README.md.',
);

/** Runs a command with the configuration; an expected failure is one line, not a stack. */
const run =
  <Arguments extends unknown[]>(command: (config: Config, ...args: Arguments) => Promise<void>) =>
  async (...args: Arguments): Promise<void> => {
    try {
      await command(readConfig(), ...args);
    } catch (error) {
      const expected = error instanceof ConfigError || error instanceof ImportError;
      console.error(expected ? `tidings: ${error.message}` : error);
      process.exitCode = 1;
    }
  };

program
  .command('import')
  .argument('<dir>', 'a folder of JSONL files, or of Markdown files with front matter')
  .description('load a folder; running it twice gives the same state')
  .action(run((config, folder: string) => importCommand(config, folder)));

await program.parseAsync();

import { SingleBar } from 'cli-progress';
import type { Config } from '../../config.js';
import { connectDatabase } from '../../db/connect.js';
import { type ImportSummary, importFolder, rejectedIn } from '../../modules/imports/public.js';
import { createBodyRenderer } from '../../render/pool.js';

// Names and ids in a rejection come from the files: they must not steer the terminal.
const printable = (text: string): string => text.replaceAll(/\p{Cc}/gu, '\uFFFD');

const table = (summary: ImportSummary): string => {
  const columns = ['added', 'changed', 'unchanged', 'skipped', 'rejected'] as const;
  const rows = Object.entries(summary).map(([kind, tally]) => [
    kind,
    ...columns.map((column) => String(tally[column])),
  ]);
  const lines = [['', ...columns], ...rows];
  return lines
    .map(([kind = '', ...cells]) => kind.padEnd(20) + cells.map((cell) => cell.padStart(11)).join(''))
    .join('\n');
};

/** `tidings import DIR`: exit status 1 when any record was rejected. */
export async function importCommand(config: Config, folder: string): Promise<void> {
  const database = await connectDatabase({ ...config, statementTimeout: 0 });
  const renderer = createBodyRenderer();
  const bar = process.stdout.isTTY
    ? new SingleBar({ format: '{bar} {percentage}%  {task}', hideCursor: true, clearOnComplete: true })
    : undefined;
  const started = performance.now();
  let current = '';
  try {
    const summary = await importFolder({ db: database.db, renderer }, folder, {
      onProgress(task, done, total) {
        if (task !== current) {
          current = task;
          bar?.start(total, done, { task });
          if (!bar) console.log(`loading ${task}`);
        }
        bar?.update(done);
      },
      onRejection: ({ file, line, reason }) =>
        console.error(printable(`rejected ${file}:${line}: ${reason}`)),
    });
    bar?.stop();
    const seconds = (performance.now() - started) / 1000;
    const peak = Math.round(process.resourceUsage().maxRSS / 1024);
    console.log(`${table(summary)}\n\nin ${seconds.toFixed(1)} s, at most ${peak} MB of memory`);
    const rejected = rejectedIn(summary);
    if (rejected > 0) {
      console.error(
        `${rejected} record${rejected === 1 ? ' was' : 's were'} rejected; everything else is loaded.`,
      );
      process.exitCode = 1;
    }
  } finally {
    bar?.stop();
    await renderer.close();
    await database.close();
  }
}

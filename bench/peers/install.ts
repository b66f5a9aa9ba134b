/** The packages of the peers: they are none of the product's, so they are installed by whoever runs the bench. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Keeps the lock that was installed last. */
const MARK = 'node_modules/.installed';

/** Installs what the lock of a folder says, unless that was done. @param compiles whether a library of it has to be built. */
export async function install(folder: string, compiles = false): Promise<void> {
  const lock = await readFile(join(folder, 'package-lock.json'), 'utf8');
  const installed = await readFile(join(folder, MARK), 'utf8').catch(() => '');
  if (installed === lock) return;
  console.log(`Installing the peers (npm ci in ${folder}) ...`);
  const npm = async (...words: string[]): Promise<void> => {
    // Some of them want a newer Node than they need: no warnings.
    const child = spawn('npm', [...words, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`npm ${words.join(' ')} in ${folder} ended with ${code}.`);
  };
  await npm('ci', '--ignore-scripts');
  if (compiles) await npm('rebuild');
  await writeFile(join(folder, MARK), lock);
}

import { spawn } from 'node:child_process';

/**
 * The checks that need no database, side by side: the slowest decides how long all of them take. Prints what a failed
 * one says, nothing else.
 */
const CHECKS = ['check:format', 'check:lint', 'check:types', 'check:rules', 'check:generated'];

const run = (check: string): Promise<{ check: string; ok: boolean; output: string; seconds: number }> =>
  new Promise((resolve) => {
    const started = performance.now();
    const child = spawn('npm', ['run', '--silent', check], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', (code) =>
      resolve({ check, ok: code === 0, output, seconds: (performance.now() - started) / 1000 }),
    );
  });

for (const { check, ok, output, seconds } of await Promise.all(CHECKS.map(run))) {
  console.log(`${ok ? '✓' : '✗'} ${check} (${seconds.toFixed(1)} s)`);
  if (!ok) {
    console.error(output);
    process.exitCode = 1;
  }
}

/**
 * Renders bodies without holding up the event loop: short ones at once, long ones on a thread of their own.
 */
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Piscina } from 'piscina';
import { renderBodyNow, type BodyFormat, type RenderedBody } from './body.js';
import type { RenderTask } from './worker.js';

/**
 * Bodies from this length on, in UTF-16 units, are rendered on a thread: 23 of the 7,649 real posts. One just below it
 * holds the event loop for 8 ms, or 0.4 s when made to be slow (a table of empty rows); the first trip to a thread
 * costs 0.3 s, every other less than 1 ms more than the work itself.
 */
export const OFF_LOOP_FROM = 50_000;

const MAX_THREADS = 2;
const IDLE_TIMEOUT_MS = 10_000;
const RENDER_TIMEOUT_MS = 30_000;
const MAX_THREAD_HEAP_MB = 512;

/** Renders bodies; made once per process. */
export interface BodyRenderer {
  /**
   * Renders a body as `renderBodyNow` does.
   *
   * @throws Error when the thread fails, runs out of memory, or takes longer than 30 s; `cause` says why
   */
  render(source: string, format: BodyFormat): Promise<RenderedBody>;
  /** Ends the threads once their work is done; a later `render` of a long body starts new ones. */
  close(): Promise<void>;
}

/** Threads start with the first long body, end when idle, and never keep the process alive. */
export function createBodyRenderer(): BodyRenderer {
  let pool: Piscina<RenderTask, RenderedBody> | undefined;
  return {
    async render(source, format) {
      if (source.length < OFF_LOOP_FROM) return renderBodyNow(source, format);
      pool ??= startPool();
      try {
        return await pool.run({ source, format }, { signal: AbortSignal.timeout(RENDER_TIMEOUT_MS) });
      } catch (cause) {
        throw new Error(`Could not render a body of ${source.length} UTF-16 units as ${format}`, { cause });
      }
    },
    async close() {
      const closing = pool;
      pool = undefined;
      await closing?.close();
    },
  };
}

function startPool(): Piscina<RenderTask, RenderedBody> {
  // The same directory holds worker.ts when run from source and worker.js when compiled.
  const isTypeScript = import.meta.url.endsWith('.ts');
  const worker = new URL(isTypeScript ? './worker.ts' : './worker.js', import.meta.url);
  return new Piscina<RenderTask, RenderedBody>({
    filename: fileURLToPath(worker),
    // A thread inherits `--import tsx` from `npm start` but not from vitest, which compiles in other ways.
    execArgv: isTypeScript ? ['--import', tsxUrl()] : [],
    minThreads: 0,
    maxThreads: MAX_THREADS,
    idleTimeout: IDLE_TIMEOUT_MS,
    resourceLimits: { maxOldGenerationSizeMb: MAX_THREAD_HEAP_MB },
  });
}

/** As a URL, because a bare `tsx` would be looked for from the current directory. */
function tsxUrl(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
}

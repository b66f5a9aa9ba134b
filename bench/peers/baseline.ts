/**
 * The guard against getting slower: ratios between contenders of one run, beside those that were kept. Never times, which
 * say more about the machine.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { ALONE, APOLLO, HAND } from './contenders.js';
import type { Line } from './table.js';

const FILE = 'bench/baseline.json';

/** How much worse a ratio may be. */
const TOLERANCE = 0.15;

/** Whom the product is held against: what most take, and the limit. More would only be more chances for noise. */
const BESIDE = new Set([APOLLO, HAND]);

export interface Baseline {
  /** By work and contender, and `alone`: how many times as many requests a second, and how many times as much of the processor. */
  readonly ratios: Readonly<Record<string, { readonly faster: number; readonly dearer: number }>>;
  /** Statements of the product for each request. */
  readonly statements: Readonly<Record<string, number>>;
}

const rounded = (value: number): number => Number(value.toFixed(3));

/** The ratios of the product, and of the product where each request is by itself: what requests share would hide what one takes. */
function ratiosOf({ race, contender, faster, dearer }: Line, lines: readonly Line[]) {
  const alone = lines.find((line) => line.race === race && line.contender === ALONE);
  const shared = [`${race}, ${contender}`, { faster: rounded(faster), dearer: rounded(dearer) }] as const;
  if (alone === undefined) return [shared];
  const byItself = { faster: rounded(faster / alone.faster), dearer: rounded(dearer / alone.dearer) };
  return [shared, [`${race}, ${contender}, alone`, byItself] as const];
}

export const baselineOf = (lines: readonly Line[], statements: Baseline['statements']): Baseline => ({
  ratios: Object.fromEntries(
    lines.filter(({ contender }) => BESIDE.has(contender)).flatMap((line) => ratiosOf(line, lines)),
  ),
  statements,
});

/** Keeps what was measured, and of the works that were not measured what was kept before. */
export async function keep(measured: Baseline): Promise<void> {
  const kept = await read();
  const merged: Baseline = {
    ratios: { ...kept?.ratios, ...measured.ratios },
    statements: { ...kept?.statements, ...measured.statements },
  };
  await writeFile(FILE, `${JSON.stringify(merged, null, 2)}\n`);
}

async function read(): Promise<Baseline | undefined> {
  try {
    return JSON.parse(await readFile(FILE, 'utf8')) as Baseline;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** What is worse than what was kept, in sentences. */
export async function worse(measured: Baseline): Promise<string[]> {
  const kept = await read();
  if (kept === undefined) return [`There is no ${FILE}: keep one with --keep.`];
  const found: string[] = [];
  for (const [name, now] of Object.entries(measured.ratios)) {
    const before = kept.ratios[name];
    if (before === undefined) continue;
    for (const [key, what] of [
      ['faster', 'requests a second'],
      ['dearer', 'processor time'],
    ] as const) {
      if (now[key] * (1 + TOLERANCE) < before[key])
        found.push(`${name}: ${what} ${now[key]} times as good, and was ${before[key]} times.`);
    }
  }
  for (const [race, now] of Object.entries(measured.statements)) {
    const before = kept.statements[race];
    if (before !== undefined && now > before) found.push(`${race}: ${now} statements, and was ${before}.`);
  }
  return found;
}

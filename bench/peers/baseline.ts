/**
 * The guard against getting slower: ratios between contenders of one run, beside those that were kept. Never times, which
 * say more about the machine.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { ALONE, APOLLO, BYTES, HAND, KEEPING } from './contenders.js';
import type { Line } from './table.js';

const FILE = 'bench/baseline.json';

/** How much worse a ratio may be. */
const TOLERANCE = 0.15;

/** Whom the product is held against: what most take, and the limits. More would only be more chances for noise. */
const BESIDE = new Set([APOLLO, HAND, BYTES]);

export interface Baseline {
  /** By work and contender, and `alone` or `kept`: how many times as many requests a second, and how many times as much of the processor. */
  readonly ratios: Readonly<Record<string, { readonly faster: number; readonly dearer: number }>>;
  /** Statements of the product for each request. */
  readonly statements: Readonly<Record<string, number>>;
}

const rounded = (value: number): number => Number(value.toFixed(3));

/** How a line compares with another contender's of the same work. */
const beside = (line: Line, other: Line) => ({
  faster: rounded(line.faster / other.faster),
  dearer: rounded(line.dearer / other.dearer),
});

/** The ratios of the product, and of the product where each request is by itself: what requests share would hide what one takes. */
function ratiosOf(
  line: Line,
  lines: readonly Line[],
): (readonly [string, { faster: number; dearer: number }])[] {
  const { race, contender, faster, dearer } = line;
  const ratioTo = (name: string, word: string) => {
    const other = lines.find((one) => one.race === race && one.contender === name);
    return other === undefined ? [] : [[`${race}, ${contender}, ${word}`, beside(line, other)] as const];
  };
  // What is kept is held against the bytes alone, and nothing else against these.
  if (contender === BYTES) return ratioTo(KEEPING, 'kept');
  const shared = [`${race}, ${contender}`, { faster: rounded(faster), dearer: rounded(dearer) }] as const;
  return [shared, ...ratioTo(ALONE, 'alone')];
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

/** Something that is worse than what was kept. */
export interface Worse {
  /** The same in each run. */
  readonly name: string;
  readonly race: string;
  readonly sentence: string;
}

/** What is worse than what was kept. @throws Error when nothing was kept */
export async function worse(measured: Baseline): Promise<Worse[]> {
  const kept = await read();
  if (kept === undefined) throw new Error(`There is no ${FILE}: keep one with --keep.`);
  const found: Worse[] = [];
  for (const [name, now] of Object.entries(measured.ratios)) {
    const before = kept.ratios[name];
    if (before === undefined) continue;
    const [race = ''] = name.split(',');
    for (const [key, what] of [
      ['faster', 'requests a second'],
      ['dearer', 'processor time'],
    ] as const) {
      if (now[key] * (1 + TOLERANCE) < before[key]) {
        const sentence = `${name}: ${what} ${now[key]} times as good, and was ${before[key]} times.`;
        found.push({ name: `${name}, ${key}`, race, sentence });
      }
    }
  }
  for (const [race, now] of Object.entries(measured.statements)) {
    const before = kept.statements[race];
    const sentence = `${race}: ${now} statements, and was ${before}.`;
    if (before !== undefined && now > before) found.push({ name: `${race}, statements`, race, sentence });
  }
  return found;
}

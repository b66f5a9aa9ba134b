/** What was measured, as people read it. */
import { median } from '../kit/statistics.js';
import { OURS } from './contenders.js';
import type { Flow } from './load.js';
import type { Measured } from './stage.js';
import type { Race } from './works.js';

/** One line of the table: medians of the rounds. */
export interface Line {
  readonly race: Race;
  readonly contender: string;
  readonly perSecond: number;
  /** From the slowest round to the fastest, as a share of the median. */
  readonly spread: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Milliseconds of the processor for each request. */
  readonly processor: number;
  /** Bytes after the last round. */
  readonly resident: number;
  /** How many times as many requests a second the product does; above 1 it is faster. Of each round by itself. */
  readonly faster: number;
  /** How many times as much of the processor this one takes; above 1 the product takes less. */
  readonly dearer: number;
}

/** The lines of one work, with the rounds of all contenders. */
export function linesOf(race: Race, rounds: ReadonlyMap<string, readonly Measured[]>): Line[] {
  const ours = rounds.get(OURS) ?? [];
  return [...rounds].map(([contender, measured]) => {
    const middle = (of: (one: Measured) => number): number => median(measured.map(of));
    // How fast the machine is changes more from round to round than within one.
    const ratio = (of: (own: Measured, its: Measured) => number): number =>
      median(measured.flatMap((its, round) => (ours[round] === undefined ? [] : [of(ours[round], its)])));
    const rates = measured.map(({ perSecond }) => perSecond);
    const perSecond = median(rates);
    return {
      race,
      contender,
      perSecond,
      spread: (Math.max(...rates) - Math.min(...rates)) / perSecond,
      p50: middle(({ p50 }) => p50),
      p95: middle(({ p95 }) => p95),
      p99: middle(({ p99 }) => p99),
      processor: middle(({ processor }) => processor),
      resident: measured.at(-1)?.resident ?? NaN,
      faster: ratio((own, its) => own.perSecond / its.perSecond),
      dearer: ratio((own, its) => its.processor / own.processor),
    };
  });
}

const row = (cells: readonly string[]): string =>
  cells.map((cell, place) => (place === 0 ? cell.padEnd(14) : cell.padStart(place > 7 ? 10 : 8))).join(' ');

/** The head of the table. */
export const HEAD = row([
  '',
  'req/s',
  'spread',
  'p50 ms',
  'p95 ms',
  'p99 ms',
  'CPU ms',
  'RSS MB',
  'we: req/s',
  'we: CPU',
]);

export const print = (line: Line): string =>
  row([
    line.contender,
    line.perSecond.toFixed(0),
    `${(line.spread * 100).toFixed(0)} %`,
    line.p50.toFixed(1),
    line.p95.toFixed(1),
    line.p99.toFixed(1),
    line.processor.toFixed(3),
    (line.resident / 1e6).toFixed(0),
    `${line.faster.toFixed(2)} x`,
    `${line.dearer.toFixed(2)} x`,
  ]);

/** The line of a contender in the mix. */
export interface MixLine extends Flow {
  readonly contender: string;
  readonly sockets: number;
  /** Milliseconds of the processor for each request. */
  readonly processor: number;
  /** Milliseconds from the commit to the socket; null without sockets. */
  readonly events: { readonly p50: number; readonly p99: number; readonly latest: number } | null;
}

export function printMix(line: MixLine): string {
  const { contender, offered, answered, refused, p50, p95, p99, sockets, events, processor } = line;
  const kept = answered + refused < offered ? `, ${offered - answered - refused} never answered` : '';
  const heard =
    events === null
      ? ''
      : `; ${sockets} sockets: commit to socket p50 ${events.p50} ms, p99 ${events.p99} ms, the latest ${events.latest} ms`;
  return (
    `${contender.padEnd(14)} ${answered} of ${offered} answered${refused > 0 ? `, ${refused} refused` : ''}${kept}   ` +
    `p50 ${p50.toFixed(1)} ms  p95 ${p95.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms  CPU ${processor.toFixed(3)} ms${heard}`
  );
}

/**
 * The product beside what one could take instead, and beside its limits: the same statements by hand, and the same bytes.
 * All of them read the same database, are asked for the same and are proved to answer alike. Servers and load have a core
 * each. All contenders in turn, in several rounds; medians.
 *
 *     npm run bench -- [--work feed,post,thread,search,write,mix,fanout] [--only apollo,bytes] [--with directus]
 *       [--rounds 5] [--seconds 3] [--warm 8] [--rate 1000] [--users 10000 --posts 5000 --comments 50000] [--data keep] [--json FILE] [--check] [--keep]
 *
 * Uses DATABASE_URL, which gets rows, with `--data keep` as it is; without it an embedded server in a temporary folder.
 * `--check` ends with status 1 when a ratio is 15 % worse than in bench/baseline.json, which `--keep` writes, and is so again
 * when its work is measured once more.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join as pathOf } from 'node:path';
import { promisify } from 'node:util';
import { openPlace } from '../kit/place.js';
import { withRecorder, record } from '../write/recording.js';
import { askOnce, prove, proveWriting, requestsOf } from './asking.js';
import { type Baseline, baselineOf, keep, type Worse, worse } from './baseline.js';
import { BYTES, type Contender, CONTENDERS, DIRECTUS, HAND, NOT_HERE, OURS } from './contenders.js';
import { bootstrap, environmentOf, setUp } from './directus.js';
import { install } from './install.js';
import type { Request } from './load.js';
import { mix } from './mix.js';
import { readOptions } from './options.js';
import { addFunctions, removeFunctions } from './postgraphile.js';
import { publish, subjectsOf } from './publication.js';
import { type Measured, measure, type Running, start, startLoad } from './stage.js';
import { HEAD, type Line, linesOf, type MixLine, print, printMix } from './table.js';
import { type Race, RACES, TITLES } from './works.js';
import { prepareWriters } from './writers.js';

const run = promisify(execFile);
const options = readOptions(process.argv.slice(2));
const races = RACES.filter((race) => options.works.includes(race));
const files = {
  plan: pathOf(tmpdir(), `${randomUUID()}.json`),
  answers: pathOf(tmpdir(), `${randomUUID()}.json`),
};

await install('bench/peers/servers');
if (options.withDirectus) await install('bench/peers/directus', true);
const place = await openPlace();
const { databaseUrl, secret } = place;

async function prepare() {
  if (!options.keepsData) {
    console.log('Making a publication ...');
    await publish(databaseUrl, options.sizes);
  }
  const found = await subjectsOf(databaseUrl);
  await addFunctions(databaseUrl);
  return { subjects: found, writers: await prepareWriters(databaseUrl, secret), load: await startLoad() };
}
const { subjects, writers, load } = await prepare().catch(async (error: unknown) => {
  await place.close();
  throw error;
});
const [watched, target] = [writers.writers.at(-1), writers.posts.at(-1)];
const lines: Line[] = [];
const mixes: MixLine[] = [];

/** The contenders that run, in their order. */
const stage: Running[] = [];
const find = (name: string): Running => {
  const found = stage.find((running) => running.name === name);
  if (found === undefined) throw new Error(`${name} does not run.`);
  return found;
};

async function join(contender: Contender, environment: NodeJS.ProcessEnv): Promise<void> {
  try {
    stage.push(await start(contender, place, environment));
  } catch (error) {
    if ([OURS, HAND].includes(contender.name)) throw error;
    console.log(`${contender.name} is left out of everything: it does not start. ${String(error)}`);
  }
}

async function startAll(): Promise<void> {
  const client = watched && { ...watched, token: await writers.tokenOf(watched) };
  const recorded = await record(place.environment, client, target, 'addComment');
  await writeFile(files.plan, JSON.stringify({ ...recorded, viewers: writers.names }));
  const environment = { PEER_SECRET: writers.peerSecret, BENCH_PLAN_FILE: files.plan };
  for (const contender of CONTENDERS) {
    const isWanted = options.only?.includes(contender.name) ?? true;
    // The product and its limit are what all others are held against.
    if (![OURS, HAND].includes(contender.name) && !isWanted) continue;
    if (contender.name === BYTES) {
      const answers: [Race, string][] = [];
      for (const race of races.filter((one) => one !== 'write')) {
        const [first] = await requestsOf(race, find(HAND), subjects, writers);
        if (first !== undefined) answers.push([race, await askOnce(find(HAND).url, first)]);
      }
      await writeFile(files.answers, JSON.stringify(Object.fromEntries(answers)));
    }
    await join(contender, { ...environment, BENCH_ANSWERS: files.answers });
  }
  if (options.withDirectus) {
    await bootstrap(databaseUrl);
    await join(DIRECTUS, environmentOf(databaseUrl));
    await setUp(find(DIRECTUS.name).url, databaseUrl);
  }
}

/** The contenders that do a work as the limit does it, with their requests; says who does not, and why. */
async function provenFor(race: Race, among: readonly Running[] = stage): Promise<Running[]> {
  const answersOf = async (running: Running): Promise<string[]> => {
    const answers: string[] = [];
    for (const request of await requestsOf(race, running, subjects, writers))
      answers.push(await askOnce(running.url, request));
    return answers;
  };
  const hand = find(HAND);
  const expected = race === 'write' ? [] : await answersOf(hand);
  const proven: Running[] = [];
  for (const running of among) {
    let reason = running.leftOut?.[race];
    if (reason === undefined && running.name !== BYTES) {
      try {
        if (race === 'write')
          await proveWriting(running, await requestsOf(race, running, subjects, writers), writers);
        else prove({ by: hand, answers: expected }, running, await answersOf(running));
      } catch (error) {
        if (running.name === OURS) throw error;
        reason = `it answers otherwise: ${String(error).slice(0, 1_000)}`;
      }
    }
    if (reason === undefined) proven.push(running);
    else console.log(`${running.name} is left out: ${reason}`);
  }
  return proven;
}

async function compete(race: Race): Promise<Line[]> {
  console.log(`\n${race}: ${TITLES[race]}`);
  const proven = await provenFor(race);
  const requestsFor = (running: Running): Promise<Request[]> =>
    requestsOf(race, running.name === BYTES ? find(HAND) : running, subjects, writers);
  for (const running of proven) await measure(load, running, await requestsFor(running), options.warmUp);
  const rounds = new Map(proven.map(({ name }) => [name, [] as Measured[]]));
  for (let round = 0; round < options.rounds; round += 1) {
    for (const running of proven) {
      const requests = await requestsFor(running);
      rounds.get(running.name)?.push(await measure(load, running, requests, options.milliseconds));
    }
  }
  const found = linesOf(race, rounds);
  console.log(HEAD);
  for (const line of found) console.log(print(line));
  return found;
}

/** What is worse than what was kept, and still is when its work is measured once more: one run alone may be noise. */
async function worseTwice(measured: Baseline): Promise<readonly Worse[]> {
  const first = await worse(measured);
  const doubted = races.filter((race) => first.some((one) => one.race === race));
  if (doubted.length === 0) return [];
  console.log('\nWorse than what was kept, and so measured once more:');
  for (const { sentence } of first) console.log(sentence);
  const again: Line[] = [];
  for (const race of doubted) again.push(...(await compete(race)));
  const second = await worse(baselineOf(again, measured.statements));
  return second.filter(({ name }) => first.some((one) => one.name === name));
}

/** How many statements the product runs for each request. */
const countStatements = (): Promise<Record<string, number>> =>
  // Kept answers have none.
  withRecorder({ ...place.environment, TIDINGS_ANSWER_AGE_MS: '0' }, async (endpoint, heard) => {
    const ours = { ...find(OURS), url: endpoint };
    const counts: [Race, number][] = [];
    for (const race of races) {
      const [request] = await requestsOf(race, ours, subjects, writers);
      heard.length = 0;
      if (request !== undefined) await askOnce(endpoint, request);
      counts.push([race, heard.length]);
    }
    return Object.fromEntries(counts);
  });

async function fanOut(): Promise<string> {
  console.log(`\nfanout: ${TITLES.fanout}`);
  const { stdout } = await run(process.execPath, ['--import', 'tsx', 'bench/fanout/main.ts', '1', '1000'], {
    env: process.env,
    maxBuffer: 1e7,
  });
  return stdout.trimEnd();
}

try {
  await startAll();
  const { users, posts, comments } = subjects.sizes;
  console.log(
    `${users} users, ${posts} posts, ${comments} comments; ${options.rounds} rounds of ${options.milliseconds / 1_000} s, ` +
      `16 clients; ${cpus()[0]?.model ?? 'some processor'}, ${cpus().length} cores, Node ${process.version}.\n` +
      'CPU: of the server alone, for each request. "we": how many times as good the product is (above 1: better).',
  );
  for (const reason of NOT_HERE.slice(options.withDirectus ? 1 : 0)) console.log(reason);
  for (const race of races) lines.push(...(await compete(race)));
  const statements = await countStatements();
  const counts = Object.entries(statements).map(([race, count]) => `${race} ${count}`);
  if (counts.length > 0) console.log(`\nstatements of the product for each request: ${counts.join(', ')}`);
  if (options.works.includes('mix')) {
    console.log(`\nmix: ${TITLES.mix} (${options.rate} a second)`);
    const order = { load, subjects, writers, rate: options.rate, milliseconds: 5 * options.milliseconds };
    let parties = stage.filter(({ mixes: takesPart }) => takesPart);
    for (const race of ['feed', 'post', 'write'] as const) parties = await provenFor(race, parties);
    for (const running of parties) {
      const line = await mix(running, order);
      mixes.push(line);
      console.log(printMix(line));
    }
  }
  const fanout = options.works.includes('fanout') ? await fanOut() : undefined;
  if (fanout !== undefined) console.log(fanout);
  if (options.json !== undefined) {
    const machine = { processor: cpus()[0]?.model, cores: cpus().length, node: process.version };
    const all = { at: new Date(), machine, options, sizes: subjects.sizes, lines, statements, mixes, fanout };
    await writeFile(options.json, `${JSON.stringify(all, null, 2)}\n`);
  }
  const measured = baselineOf(lines, statements);
  if (options.checks) {
    const found = await worseTwice(measured);
    if (found.length > 0) console.error('\nWorse than what was kept, twice:');
    for (const { sentence } of found) console.error(sentence);
    if (found.length > 0) process.exitCode = 1;
    else console.log('\nNothing is worse than what was kept.');
  }
  if (options.keeps) await keep(measured);
} finally {
  load.leave();
  await writers.remove();
  await removeFunctions(databaseUrl);
  await place.close();
  await Promise.all(Object.values(files).map((file) => rm(file, { force: true })));
}

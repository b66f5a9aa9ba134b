/** The requests of each contender, and the proof that all of them are answered alike. */
import { openClient } from '../kit/client.js';
import { encodeId } from '../../src/graphql/globalIds.js';
import { compare, dataOf, nextPage } from './answers.js';
import type { Contender } from './contenders.js';
import { TOKEN } from './directus.js';
import { bodyOf } from './documents.js';
import type { Request } from './load.js';
import type { Subjects } from './publication.js';
import type { Running } from './stage.js';
import type { Race, Vocabulary } from './works.js';
import type { Writers } from './writers.js';

/** Pages of the longest discussion that are read, and their length. */
const PAGES = 5;
const PAGE = 100;

/** The text of an answer over a connection of its own. */
export async function askOnce(url: string, { body, headers }: Request): Promise<string> {
  const client = await openClient(url);
  const answer = await client.post(body, headers);
  client.close();
  const start = answer.indexOf('\r\n\r\n') + 4;
  // The client reads bytes.
  return Buffer.from(answer.slice(start), 'latin1').toString();
}

const read = (race: Race, vocabulary: Vocabulary, variables: Readonly<Record<string, unknown>>): Request => ({
  body: bodyOf(race, vocabulary, variables),
  // Who answers bare requests has to be told what is wanted; the others hear it as well.
  headers: `x-work: ${race}\r\n${vocabulary === 'directus' ? `authorization: Bearer ${TOKEN}\r\n` : ''}`,
});

/** Pages of the longest discussion. Cursors are the contender's own: it is asked for each page by the end of the last. */
async function threadOf({ vocabulary, url }: Running, discussed: string): Promise<Request[]> {
  const id = vocabulary === 'ours' ? encodeId('Post', discussed) : discussed;
  const requests: Request[] = [];
  let after: string | null = null;
  do {
    const where = vocabulary === 'directus' ? { offset: requests.length * PAGE } : { after };
    const request = read('thread', vocabulary, { id, ...where });
    requests.push(request);
    after = nextPage(dataOf(await askOnce(url, request)), vocabulary);
  } while (after !== null && requests.length < PAGES);
  return requests;
}

/** What a contender is asked, in turn. */
export async function requestsOf(
  race: Race,
  running: Running,
  subjects: Subjects,
  writers: Writers,
): Promise<Request[]> {
  const { vocabulary } = running;
  if (race === 'write') return writers.requests(vocabulary);
  if (race === 'thread') return threadOf(running, subjects.discussed);
  if (race === 'post') return subjects.slugs.map((slug) => read(race, vocabulary, { slug }));
  if (race === 'search') return subjects.queries.map((query) => read(race, vocabulary, { query }));
  return [read(race, vocabulary, {})];
}

/** Whether each request is answered as the same one of another contender. @throws AssertionError, Error */
export function prove(
  expected: { readonly by: Contender; readonly answers: readonly string[] },
  contender: Contender,
  answers: readonly string[],
): void {
  for (const [place, answer] of expected.answers.entries()) {
    compare(dataOf(answer), expected.by.vocabulary, dataOf(answers[place] ?? ''), contender.vocabulary);
  }
}

/** Whether a comment is written and counted. @throws Error */
export async function proveWriting(
  { name, url }: Running,
  requests: readonly Request[],
  writers: Writers,
): Promise<void> {
  const before = await writers.count();
  const [first] = requests;
  if (first === undefined) throw new Error('There is nothing to write.');
  const answer = JSON.stringify(dataOf(await askOnce(url, first)));
  const after = await writers.count();
  const isWritten = after.comments === before.comments + 1 && after.counted === before.counted + 1;
  if (!isWritten || !answer.includes('"version":1') || !answer.includes('"userErrors":[]'))
    throw new Error(`${name} answered ${answer}, and wrote ${after.comments - before.comments} comments.`);
}

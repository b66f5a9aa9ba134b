import type postgres from 'postgres';
import type { Client } from '../kit/app.js';
import { uuidOf } from '../kit/ids.js';

/** A post as the answers of mutations show it here. */
export interface ShownPost {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly summary: string | null;
  readonly language: string;
  readonly status: string;
  readonly publishedAt: string | null;
  readonly version: number;
  readonly body: string;
  readonly bodyHtml: string;
  readonly commentPolicy: string;
  readonly tags: readonly { readonly name: string; readonly slug: string }[];
  readonly authors: readonly { readonly username: string }[];
}

/** Why something was refused. */
export interface ShownProblem {
  readonly code: string;
  readonly field: readonly string[] | null;
  readonly message: string;
}

/** The answer to a mutation of a post. */
export interface PostAnswer {
  readonly post: ShownPost | null;
  readonly deletedId?: string | null;
  readonly userErrors: readonly ShownProblem[];
}

const POST = `post { id slug title summary language status publishedAt version body bodyHtml commentPolicy
  tags { name slug } authors { username } }`;

/** Asks for a mutation of a post, which may be refused. */
export async function ask(
  client: Client,
  mutation: string,
  input: Record<string, unknown>,
  headers?: Record<string, string>,
): Promise<PostAnswer> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const { answer } = await client.query<{ answer: PostAnswer }>(
    `mutation ($input: ${type}!) { answer: ${mutation}(input: $input) {
      ${mutation === 'deletePost' ? 'deletedId' : POST} userErrors { code field message } } }`,
    { input },
    headers,
  );
  return answer;
}

/** Carries out a mutation that must not be refused. @returns the post. */
export async function done(
  client: Client,
  mutation: string,
  input: Record<string, unknown>,
): Promise<ShownPost> {
  const answer = await ask(client, mutation, input);
  if (answer.post === null) throw new Error(`${mutation} was refused: ${JSON.stringify(answer.userErrors)}`);
  return answer.post;
}

/** What stood in the way, as `CODE field.path`. */
export async function refusals(
  client: Client,
  mutation: string,
  input: Record<string, unknown>,
): Promise<readonly string[]> {
  const { userErrors } = await ask(client, mutation, input);
  return userErrors.map(({ code, field }) => `${code} ${field?.slice(1).join('.') ?? '-'}`);
}

/** The events of a topic, in their order. */
export const eventsOf = (sql: postgres.Sql, topic: string) =>
  sql<{ seq: number; type: string; payload: Record<string, unknown> }[]>`
    select seq::int, type, payload from events where topic = ${topic} order by seq`.then((rows) => [...rows]);

/** The topic of a post, by the id that the API shows. */
export const topicOf = (id: string): string => `post:${uuidOf(id)}`;

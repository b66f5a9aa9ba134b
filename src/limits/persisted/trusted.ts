import { readFile } from 'node:fs/promises';
import { GraphQLError, parse } from 'graphql';
import { z } from 'zod';
import { ConfigError } from '../../config.js';
import { type DocumentGate, MOST_TOKENS } from '../documents.js';
import { hashOfText } from './shared.js';

/** A document of the manifest. */
interface Listed {
  readonly id: string;
  readonly text: string;
  readonly name: string;
}

/** What @apollo/generate-persisted-query-manifest and Apollo's mobile clients write. */
const apolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string(), body: z.string(), name: z.string().optional() })),
});

/** What the client preset of graphql-codegen writes: texts by their ids. */
const textsById = z.record(z.string(), z.string());

const refusal = (file: string, why: string): ConfigError =>
  new ConfigError(`TIDINGS_TRUSTED_DOCUMENTS: ${file} ${why}`);

/** The first line of what went wrong: a start is refused with one. */
const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1).join('');

async function readManifest(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw refusal(file, `cannot be read: ${reasonOf(error)}.`);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refusal(file, `is not JSON: ${reasonOf(error)}.`);
  }
}

/** The names of a text's operations, as far as they can be read without parsing it. */
const namesIn = (text: string): string =>
  [...text.matchAll(/\b(?:query|mutation|subscription)\s+(\w+)/g)].map(([, name]) => name).join(' and ');

function listedIn(manifest: unknown, file: string): readonly Listed[] {
  const apollo = apolloManifest.safeParse(manifest);
  if (apollo.success) {
    return apollo.data.operations.map(({ id, body, name = namesIn(body) }) => ({
      id,
      text: body,
      name: name || id,
    }));
  }
  const map = textsById.safeParse(manifest);
  if (map.success) {
    return Object.entries(map.data).map(([id, text]) => ({ id, text, name: namesIn(text) || id }));
  }
  throw refusal(
    file,
    'is neither an "apollo-persisted-query-manifest" of version 1 nor an object of documents by their SHA-256.',
  );
}

function checkId({ id, text, name }: Listed, file: string): void {
  if (id.replace(/^sha256:/, '') === hashOfText(text)) return;
  throw refusal(
    file,
    `gives ${name === id ? 'a document' : name} the id ${JSON.stringify(id)}, which is not the SHA-256 of its text. Generate the file with SHA-256 (graphql-codegen: hashAlgorithm: 'sha256').`,
  );
}

/** What is wrong with a document; undefined when it could run. */
function problemOf(text: string, gate: DocumentGate): string | undefined {
  try {
    const [error] = gate.check(parse(text, { maxTokens: MOST_TOKENS }));
    return error?.message;
  } catch (error) {
    if (error instanceof GraphQLError) return error.message;
    throw error;
  }
}

/**
 * Reads the documents that an operator listed.
 *
 * @returns the texts by their hashes.
 * @throws ConfigError in one line for a file that cannot be used, and for documents that could never run, with all of their
 *   names: an operator hears of them now, readers would later.
 */
export async function readTrustedDocuments(
  file: string,
  gate: DocumentGate,
): Promise<ReadonlyMap<string, string>> {
  const listed = listedIn(await readManifest(file), file);
  if (listed.length === 0) throw refusal(file, 'lists no documents, so nothing could run.');
  for (const document of listed) checkId(document, file);
  const problems = listed.flatMap(({ name, text }) => {
    const problem = problemOf(text, gate);
    return problem === undefined ? [] : [`${name} (${problem.replaceAll('\n', ' ')})`];
  });
  if (problems.length > 0) {
    throw refusal(
      file,
      `lists ${problems.length} of ${listed.length} documents that cannot run: ${problems.join(', ')}`,
    );
  }
  return new Map(listed.map(({ text }) => [hashOfText(text), text]));
}

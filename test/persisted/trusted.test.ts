import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config.js';
import { createDocumentGate } from '../../src/limits/documents.js';
import { createPersistedDocuments, type PersistedDocuments } from '../../src/limits/persistedDocuments.js';
import { createSchema } from '../../src/schema.js';
import { hashOf } from '../kit/persisted.js';

const POSTS = 'query Posts { posts(first: 1) { totalCount } }';
const TAG = 'query Tag { tag(slug: "weather") { slug } }';

const apollo = (...operations: readonly object[]): object => ({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations,
});
const listed = (body: string, name: string, id = hashOf(body)): object => ({ id, name, body, type: 'query' });

describe('a manifest of trusted documents', () => {
  let folder: string;
  const gate = createDocumentGate({ schema: createSchema(), introspection: true });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tidings-manifest-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const trust = async (manifest: object | string): Promise<PersistedDocuments> => {
    const manifestFile = join(folder, 'manifest.json');
    await writeFile(manifestFile, typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
    return createPersistedDocuments({ redis: undefined, trusted: { manifestFile, gate } });
  };
  const refused = async (manifest: object | string): Promise<string> => {
    const error: unknown = await trust(manifest).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    const { message } = error as ConfigError;
    expect(message).toMatch(/^TIDINGS_TRUSTED_DOCUMENTS: [^\n]+$/);
    return message.replace(folder, '');
  };

  it.for([
    ['of Apollo', apollo(listed(POSTS, 'Posts'), listed(TAG, 'Tag'))],
    ['of graphql-codegen', { [hashOf(POSTS)]: POSTS, [hashOf(TAG)]: TAG }],
    ['with prefixed ids', { [`sha256:${hashOf(POSTS)}`]: POSTS, [`sha256:${hashOf(TAG)}`]: TAG }],
  ] as const)('%s lists the only documents that may run', async ([, manifest]) => {
    const { cache, isTrusted } = await trust(manifest);
    expect(await cache.get(`apq:${hashOf(POSTS)}`)).toBe(POSTS);
    expect(await cache.get(`apq:${hashOf(TAG)}`)).toBe(TAG);
    expect([POSTS, TAG, `${TAG} `, '{ __typename }'].map((text) => isTrusted(hashOf(text)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('takes nothing in that clients send', async () => {
    const { cache, isTrusted } = await trust({ [hashOf(TAG)]: TAG });
    await cache.set(`apq:${hashOf(POSTS)}`, POSTS);
    expect(await cache.get(`apq:${hashOf(POSTS)}`)).not.toBe(POSTS);
    expect(isTrusted(hashOf(POSTS))).toBe(false);
  });

  it('is refused with the document whose id is not its SHA-256', async () => {
    expect(await refused(apollo(listed(TAG, 'Tag'), listed(POSTS, 'Posts', hashOf(TAG))))).toBe(
      `TIDINGS_TRUSTED_DOCUMENTS: /manifest.json gives Posts the id "${hashOf(TAG)}", which is not the SHA-256 of its text. Generate the file with SHA-256 (graphql-codegen: hashAlgorithm: 'sha256').`,
    );
    const sha1 = createHash('sha1').update(POSTS).digest('hex');
    expect(await refused({ [sha1]: POSTS })).toContain(`gives Posts the id "${sha1}", which is not`);
    expect(await refused({ x: '{ __typename }' })).toContain('gives a document the id "x", which is not');
  });

  it('is refused with the names of all documents that cannot run', async () => {
    const texts = [
      POSTS,
      'query Gone { gone }',
      'mutation Broken {',
      `query Deep { ${'posts { nodes { comments { nodes { post { '.repeat(3)}id${' }'.repeat(15)} }`,
      `query Long { ${'__typename '.repeat(1_000)} }`,
    ];
    const why = await refused(Object.fromEntries(texts.map((text) => [hashOf(text), text])));
    expect(why).toContain('/manifest.json lists 4 of 5 documents that cannot run: ');
    expect(why.match(/\b(?:Posts|Gone|Broken|Deep|Long) \(/g)).toEqual([
      'Gone (',
      'Broken (',
      'Deep (',
      'Long (',
    ]);
    expect(why).toContain('Gone (Cannot query field "gone" on type "Query".)');
  });

  it.for([
    ['{', 'is not JSON: '],
    [[], 'is neither an "apollo-persisted-query-manifest" of version 1 nor an object of documents'],
    [{ format: 'apollo-persisted-query-manifest', version: 2, operations: [] }, 'is neither an'],
    [{ [hashOf(TAG)]: { document: TAG } }, 'is neither an'],
    [{}, 'lists no documents, so nothing could run.'],
    [apollo(), 'lists no documents, so nothing could run.'],
  ] as const)('is refused when it is none: %j', async ([manifest, why]) => {
    expect(await refused(manifest)).toContain(`TIDINGS_TRUSTED_DOCUMENTS: /manifest.json ${why}`);
  });

  it('is refused when it cannot be read', async () => {
    const manifestFile = join(folder, 'missing.json');
    await expect(
      createPersistedDocuments({ redis: undefined, trusted: { manifestFile, gate } }),
    ).rejects.toThrow(`TIDINGS_TRUSTED_DOCUMENTS: ${manifestFile} cannot be read: ENOENT`);
  });
});

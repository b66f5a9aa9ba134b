import { describe, expect, it } from 'vitest';
import { bodyWithDocument, searchWithDocument } from '../../src/server/documentId.js';

const HASH = '7dba4bd717b41f10434822356a93c32b1fb4907b983e854300ad839f84cdcd6e';
const NAMED = { version: 1, sha256Hash: HASH };

describe('the documentId of GraphQL over HTTP', () => {
  it.for([`sha256:${HASH}`, HASH])('names a document in a body: %s', (documentId) => {
    expect(bodyWithDocument({ documentId, variables: { id: 'x' }, extensions: { trace: 1 } })).toEqual({
      variables: { id: 'x' },
      extensions: { trace: 1, persistedQuery: NAMED },
    });
  });

  it('names a document in an address, beside whatever else stands there', () => {
    const search = searchWithDocument(
      `?documentId=sha256:${HASH}&variables=%7B%7D&extensions=%7B%22trace%22%3A1%7D`,
    );
    const { extensions, ...others } = Object.fromEntries(new URLSearchParams(search));
    expect(others).toEqual({ variables: '{}' });
    expect(JSON.parse(extensions ?? '')).toEqual({ trace: 1, persistedQuery: NAMED });
  });

  it.for([
    'md5:7dba4bd717b41f10434822356a93c32b',
    HASH.toUpperCase(),
    `sha256:${HASH}0`,
    '',
    7,
    { version: 1 },
  ])('is refused when it is something else: %j', (documentId) => {
    const refusal = '"documentId" must be "sha256:" and the SHA-256 of a document';
    expect(() => bodyWithDocument({ documentId })).toThrow(refusal);
    const written = typeof documentId === 'string' ? documentId : JSON.stringify(documentId);
    expect(() => searchWithDocument(`?documentId=${written}`)).toThrow(refusal);
  });

  it('leaves alone what names none, and what is refused for something else', () => {
    for (const body of [
      undefined,
      'text',
      [],
      { query: '{ __typename }' },
      { documentId: null, query: '{ a }' },
    ]) {
      expect(bodyWithDocument(body)).toBe(body);
    }
    const broken = { documentId: HASH, extensions: 'none' };
    expect(bodyWithDocument(broken)).toBe(broken);
    for (const search of ['', '?query=%7Ba%7D', `?documentId=${HASH}&extensions=%7B`]) {
      expect(searchWithDocument(search)).toBe(search);
    }
  });
});

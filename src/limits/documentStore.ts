import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Where Apollo looks for a document before it parses its text. */
type DocumentCache = NonNullable<ApolloServerOptions<BaseContext>['documentStore']>;

/** Parsed documents that need not be parsed and validated again. */
export interface DocumentStore extends DocumentCache {
  /**
   * Keeps a document that may run. What nobody keeps is forgotten with its request: what was refused makes no room for itself.
   *
   * @param besides bytes, about, of what else is kept as long as the document.
   */
  keep(document: DocumentNode, besides: number): void;
  /** Bytes that they take, about. */
  readonly bytes: number;
}

/** Bytes of memory that one instance gives to documents, and to a single one: 1,000 tokens, and a hundred pages of text. */
export const MOST_BYTES = 32_000_000;
const MOST_OF_ONE = 500_000;

/**
 * Bytes, measured: a token with what the parser makes of it takes 230 to 390; a document besides, with its text's own object, its
 * keys and its places in maps, 1,000. A text with a single character beyond Latin-1 has two bytes for each.
 */
const BYTES = { document: 1_000, token: 400, character: 2 };

interface Kept {
  readonly document: DocumentNode;
  readonly bytes: number;
}

/** How many tokens a document was parsed from. */
export function tokensOf({ loc }: DocumentNode): number {
  let tokens = 0;
  for (let token = loc?.startToken ?? null; token !== null; token = token.next) tokens += 1;
  return tokens;
}

const bytesOf = (document: DocumentNode): number =>
  BYTES.document +
  tokensOf(document) * BYTES.token +
  (document.loc?.source.body.length ?? 0) * BYTES.character;

/** @see DocumentStore */
export function createDocumentStore(): DocumentStore {
  const kept = new LRUCache<string, Kept>({
    maxSize: MOST_BYTES,
    maxEntrySize: MOST_OF_ONE,
    sizeCalculation: ({ bytes }) => bytes,
  });
  /** Of all that Apollo has handed over: whether it may run is known only later. */
  const parsed = new WeakMap<DocumentNode, { readonly key: string; readonly bytes: number }>();
  return {
    get: async (key) => kept.get(key)?.document,
    set: async (key, document) => void parsed.set(document, { key, bytes: bytesOf(document) }),
    delete: async (key) => kept.delete(key),
    keep(document, besides) {
      const found = parsed.get(document);
      if (found === undefined) return;
      const bytes = found.bytes + besides;
      if (kept.peek(found.key)?.bytes !== bytes) kept.set(found.key, { document, bytes });
    },
    get bytes() {
      return kept.calculatedSize;
    },
  };
}

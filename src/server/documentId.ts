import { badUserInput } from '../lib/errors.js';

/** How Apollo's clients name a document, and Apollo Server reads it. */
export interface PersistedQuery {
  readonly persistedQuery: { readonly version: 1; readonly sha256Hash: string };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Says with Apollo's extension what `documentId` says in GraphQL over HTTP (appendix A, persisted documents).
 *
 * @param documentId `sha256:` and 64 hexadecimal digits, or these alone.
 * @throws DomainError BAD_USER_INPUT
 */
export function persistedQueryOf(documentId: unknown): PersistedQuery {
  const [, sha256Hash] =
    (typeof documentId === 'string' && /^(?:sha256:)?([0-9a-f]{64})$/.exec(documentId)) || [];
  if (sha256Hash === undefined) {
    throw badUserInput(
      '"documentId" must be "sha256:" and the SHA-256 of a document, in lower-case hexadecimal.',
    );
  }
  return { persistedQuery: { version: 1, sha256Hash } };
}

/** A body of a POST as Apollo reads it; what names no document stays as it is. */
export function bodyWithDocument(body: unknown): unknown {
  if (!isRecord(body) || body['documentId'] == null) return body;
  const { documentId, extensions, ...others } = body;
  // What is no object is Apollo's to refuse.
  if (extensions != null && !isRecord(extensions)) return body;
  return { ...others, extensions: { ...extensions, ...persistedQueryOf(documentId) } };
}

/** What stands behind the question mark of a GET, as Apollo reads it; what names no document stays as it is. */
export function searchWithDocument(search: string): string {
  if (search === '') return search;
  const parameters = new URLSearchParams(search);
  const documentId = parameters.get('documentId');
  if (documentId === null) return search;
  const extensions = extensionsIn(parameters.get('extensions'));
  // As above.
  if (extensions === undefined) return search;
  parameters.delete('documentId');
  parameters.set('extensions', JSON.stringify({ ...extensions, ...persistedQueryOf(documentId) }));
  return `?${String(parameters)}`;
}

function extensionsIn(json: string | null): Record<string, unknown> | undefined {
  if (json === null) return {};
  try {
    const extensions: unknown = JSON.parse(json);
    return isRecord(extensions) ? extensions : undefined;
  } catch {
    return undefined;
  }
}

import { afterEach } from 'vitest';
import { topicOf } from '../../src/events/topics.js';
import { type OpenedStream, openStream, type StreamRequest } from '../kit/eventStreams.js';
import { uuidOf } from '../kit/ids.js';
import type { Person } from '../kit/people.js';
import type { Publication } from '../kit/publication.js';
import { cursorOf } from '../kit/sockets.js';

/** A subscription that begins now, or after Last-Event-ID. */
export const COMMENTS =
  'subscription ($postId: ID!) { commentsChanged(postId: $postId) { cursor comment { body } } }';

/** What says who somebody is. */
export const headersOf = (person: Person | undefined): Record<string, string> =>
  person === undefined ? {} : { authorization: `Bearer ${person.accessToken}` };

/** Where a post's comments stand. */
export const headOf = (publication: Publication, postId: string): Promise<string> =>
  cursorOf(publication, topicOf.comments(uuidOf(postId)));

interface Sent {
  readonly data: unknown;
}

/** The comments that a stream told of. */
export const bodiesIn = (events: readonly Sent[]): string[] =>
  events.map(
    ({ data }) =>
      (data as { data: { commentsChanged: { comment: { body: string } } } }).data.commentsChanged.comment
        .body,
  );

/** What the first message of a stream refuses. */
export function codeIn([first]: readonly Sent[]): string | undefined {
  const { errors } = (first?.data ?? {}) as { errors?: { extensions: { code: string } }[] };
  return errors?.[0]?.extensions.code;
}

/** Opens streams that are closed after each test. */
export function useStreams(endpointOf: () => { readonly endpoint: string }) {
  const opened: OpenedStream[] = [];
  afterEach(() => {
    for (const stream of opened.splice(0)) stream.close();
  });
  return async (request: StreamRequest): Promise<OpenedStream> => {
    const stream = await openStream(endpointOf(), request);
    opened.push(stream);
    return stream;
  };
}

import { noSuch } from '../../changes/refusal.js';
import type { Context, NodeRow } from '../../context.js';
import { topicOf } from '../../events/topics.js';
import { decodeId } from '../../graphql/globalIds.js';
import { DomainError } from '../../lib/errors.js';
import { expectRow } from '../../lib/loading.js';
import type { ValueSource } from '../../live/source.js';
import { authorisePost } from '../posts/public.js';

const noSubject = (): DomainError =>
  new DomainError('NOT_FOUND', noSuch('post or comment or coverage entry'));

type Subject = Extract<NodeRow, { __typename: 'Post' | 'Comment' | 'CoverageEntry' }>;

const isSubject = (row: NodeRow | null): row is Subject =>
  row !== null && ['Post', 'Comment', 'CoverageEntry'].includes(row.__typename);

/** The post that a subject is, or hangs on. */
async function postIdOf(subject: Subject, { loaders }: Context): Promise<string> {
  if (subject.__typename === 'Post') return subject.id;
  if (subject.__typename === 'Comment') return subject.postId;
  return expectRow(await loaders.coverage.byId.load(subject.coverageId), 'coverage').postId;
}

/** The reactions to a subject, until the viewer may not read it any more. */
export async function subjectReactions(
  subjectId: string,
  context: Context,
): Promise<ValueSource<Context, Subject>> {
  const decoded = decodeId(subjectId);
  if (decoded === undefined) throw noSubject();
  const read = async ({ loaders }: Context): Promise<Subject> => {
    const row = await loaders.node(decoded.type, decoded.uuid);
    if (!isSubject(row)) throw noSubject();
    return row;
  };
  const postId = await postIdOf(await read(context), context);
  return {
    kind: 'value',
    topics: [topicOf.reactions(decoded.uuid), topicOf.post(postId)],
    readersOf: postId,
    async authorise() {
      // What was read before listening began is too old to decide.
      context.renewLoaders();
      const subject = await read(context);
      const isForClass = await authorisePost(postId, context);
      // One that waits for a moderator is for its author, and for moderators.
      return isForClass && (subject.__typename !== 'Comment' || subject.state !== 'PENDING');
    },
    read,
  };
}

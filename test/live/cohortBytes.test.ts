import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiTokenScope } from '../../src/auth/roles.js';
import { ANONYMOUS, type SignedInViewer, type Viewer } from '../../src/auth/viewer.js';
import type { Context } from '../../src/context.js';
import type { LoggedEvent } from '../../src/events/catalogue.js';
import { readEvents } from '../../src/events/log.js';
import { topicOf } from '../../src/events/topics.js';
import { encodeId, type NodeType } from '../../src/graphql/globalIds.js';
import { DomainError } from '../../src/lib/errors.js';
import { createRendering } from '../../src/live/rendering.js';
import { type EventSource, streamEventOf } from '../../src/live/source.js';
import { postComments } from '../../src/modules/comments/streams.js';
import { postCoverage } from '../../src/modules/coverage/streams.js';
import { onePost, publishedPosts } from '../../src/modules/posts/streams.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { uuidOf } from '../kit/ids.js';
import { documentOf, type Heard, type Live, startLive } from '../kit/live.js';
import { until } from '../kit/until.js';
import { createDesk, type Desk, hearsSoMany } from './desk.js';
import { anySelection } from './selections.js';

/** Repeat a run with COHORTS_SEED=N. */
const seed = Number(process.env['COHORTS_SEED'] ?? Date.now() % 2 ** 31);

let database: TestDatabase;
let live: Live;
let desk: Desk;
beforeAll(async () => {
  database = await createTestDatabase();
  live = await startLive(database.url);
  desk = createDesk(live);
});
afterAll(async () => {
  await live.stop();
  await database.drop();
});

describe(`an answer to a cohort, with seed ${seed},`, () => {
  let viewers: readonly Viewer[];
  let posts: readonly string[];
  let entries: readonly string[];
  let comments: readonly string[];
  let writeSomething: (which: number) => Promise<void>;

  const withScopes = (viewer: SignedInViewer, scopes: readonly ApiTokenScope[]): Viewer => ({
    ...viewer,
    scopes,
  });

  beforeAll(async () => {
    const [reader, other] = [await desk.createUser('READER'), await desk.createUser('READER')];
    const [author, writer] = [await desk.createUser('AUTHOR'), await desk.createUser('AUTHOR')];
    const [moderator, editor] = [await desk.createUser('MODERATOR'), await desk.createUser('EDITOR')];
    const admin = await desk.createUser('ADMIN');
    const everybody = [reader, other, author, writer, moderator, editor, admin];
    const tokens = [
      withScopes(reader, []),
      withScopes(other, ['PARTICIPATE']),
      withScopes(author, []),
      withScopes(moderator, ['PARTICIPATE']),
      withScopes(moderator, ['MODERATE']),
      withScopes(editor, ['PUBLISH']),
      withScopes(admin, ['ADMINISTER']),
    ];
    viewers = [ANONYMOUS, ...everybody, ...tokens];

    const [open, moderated, draft] = [
      await desk.createPost(author, 'Open'),
      await desk.createPost(author, 'Moderated'),
      await desk.createPost(author, 'Taken back'),
    ];
    for (const id of [open, moderated, draft]) await desk.act(author, 'publishPost', { id });
    await desk.act(editor, 'setCommentPolicy', { postId: moderated, policy: 'PRE_MODERATED' });
    const said: string[] = [];
    for (const postId of [open, moderated, draft]) {
      const first = await desk.addComment(reader, postId, 'First');
      const second = await desk.addComment(other, postId, 'Second');
      await desk.act(moderator, 'setCommentState', { id: first, state: 'VISIBLE' });
      const reply = await desk.addComment(author, postId, 'Reply', first);
      await desk.act(reader, 'addReaction', { subjectId: first, kind: 'LIKE' });
      await desk.act(writer, 'addReaction', { subjectId: postId, kind: 'LOVE' });
      await desk.act(moderator, 'setCommentState', { id: second, state: 'HIDDEN' });
      said.push(first, second, reply);
      await desk.act(author, 'startCoverage', { postId });
    }
    const [first = ''] = said;
    await desk.act(reader, 'addBookmark', { postId: open });
    await desk.act(reader, 'follow', { subjectId: encodeId('User', author.userId) });
    // Visible once, waiting now: their authors still see them.
    const edited = await desk.addComment(other, open, 'Visible');
    await desk.act(moderator, 'setCommentState', { id: edited, state: 'PENDING' });
    const deleted = await desk.addComment(reader, open, 'Deleted', first);
    await desk.act(reader, 'deleteComment', { id: deleted });
    const told = [
      await desk.addEntry(author, open, 'Kick-off'),
      await desk.addEntry(author, open, 'Goal'),
      await desk.addEntry(author, draft, 'Rehearsal'),
    ];
    await desk.act(editor, 'retractCoverageEntry', { id: told[1] });
    await desk.act(author, 'updatePost', { id: open, expectedVersion: 1, title: 'Wide open' });
    await desk.act(author, 'unpublishPost', { id: draft });
    posts = [open, moderated, draft];
    comments = [...said, edited];
    entries = told;
    let version = 2;
    const writings = [
      () => desk.addComment(reader, moderated, 'Waits'),
      () => desk.addComment(author, open, 'More'),
      () => desk.addEntry(author, open, 'More'),
      () => desk.addEntry(author, draft, 'More'),
      () =>
        desk.act(author, 'updatePost', { id: open, expectedVersion: version++, title: `Title ${version}` }),
      () =>
        desk
          .act(author, 'unpublishPost', { id: moderated })
          .then(() => desk.act(author, 'publishPost', { id: moderated })),
    ];
    writeSomething = async (which) => void (await writings[which % writings.length]?.());
  });

  interface Kind {
    readonly type: string;
    readonly field: string;
    readonly argument: string;
    readonly topic: (postId: string) => string;
    readonly open: (postId: string, context: Context) => EventSource;
  }
  const KINDS: readonly Kind[] = [
    {
      type: 'CommentEvent',
      field: 'commentsChanged',
      argument: 'postId',
      topic: topicOf.comments,
      open: postComments,
    },
    {
      type: 'CoverageEvent',
      field: 'coverageChanged',
      argument: 'postId',
      topic: topicOf.coverage,
      open: postCoverage,
    },
    { type: 'PostEvent', field: 'postChanged', argument: 'id', topic: topicOf.post, open: onePost },
    {
      type: 'PostEvent',
      field: 'postPublished',
      argument: '',
      topic: topicOf.posts,
      open: () => publishedPosts({}),
    },
  ];

  /** Why somebody was refused. */
  const codeOf = (error: unknown): string => {
    if (error instanceof DomainError) return error.code;
    throw error;
  };

  const render = () =>
    createRendering({
      schema: live.schema,
      contextOf: live.contextOf,
      report: (error) => {
        throw error;
      },
      count: () => undefined,
      atOnce: 8,
    });

  /** What each of these events is to a viewer, executed for them alone. */
  async function alone(
    { field, open }: Kind,
    { stream: { subscription, connection } }: Heard,
    postId: string,
    events: readonly LoggedEvent[],
  ): Promise<string[]> {
    const { viewer } = connection;
    const source = open(postId, live.contextOf(viewer));
    const answers: string[] = [];
    for (const event of events) {
      const heard = source.hear(event, viewer);
      // They were let in after it.
      if (heard === null || heard === 'LOST') continue;
      const value = streamEventOf(event, heard, live.cursors);
      answers.push((await render()(subscription, field, () => value, viewer)).json);
    }
    return answers;
  }

  it('is, byte for byte, what an execution for each viewer alone would be', async () => {
    const scenario = fc.constantFrom(...KINDS).chain((kind) =>
      fc.record({
        kind: fc.constant(kind),
        chosen: anySelection(live.schema, kind.type),
        post: fc.nat(),
        who: fc.uniqueArray(fc.nat({ max: 14 }), { minLength: 4, maxLength: 7 }),
        writing: fc.nat(),
      }),
    );
    let compared = 0;
    const refusals: unknown[] = [];
    await fc.assert(
      fc.asyncProperty(scenario, async ({ kind, chosen, post, who, writing }) => {
        const postId = posts[post % posts.length] ?? '';
        const topic = kind.topic(uuidOf(postId));
        const subject = kind.argument === '' ? '' : `${kind.argument}: "${postId}", `;
        const document = documentOf(
          `subscription ($after: String) { ${kind.field}(${subject}after: $after) ${chosen.selection} } ${chosen.fragments}`,
        );
        const after = live.cursors.sealPlace(topic, 0);
        const streams: Heard[] = [];
        for (const place of who) {
          const viewer = viewers[place] ?? ANONYMOUS;
          const opened = await live.listen(viewer, document, { after }).catch(codeOf);
          if (typeof opened !== 'string') {
            streams.push(opened);
            continue;
          }
          const source = kind.open(uuidOf(postId), live.contextOf(viewer));
          refusals.push([opened, await source.authorise().catch(codeOf)]);
        }
        const compare = async (events: readonly LoggedEvent[], from: readonly number[]): Promise<void> => {
          for (const [place, heard] of streams.entries()) {
            const start = from[place] ?? 0;
            const expected = await alone(kind, heard, uuidOf(postId), events);
            await until(
              `${expected.length} were heard`,
              () => heard.answers.length >= start + expected.length,
            );
            expect(heard.answers.slice(start).map(({ json }) => json)).toEqual(expected);
            compared += expected.length;
          }
        };
        const old = await readEvents(live.db, topic, 0, 1_000);
        await compare(old, []);
        const before = streams.map(({ answers }) => answers.length);
        await writeSomething(writing);
        const fresh = await readEvents(live.db, topic, old.length, 1_000);
        // Of several at once the first may have been told before the last was written.
        if (fresh.length === 1) await compare(fresh, before);
        desk.leaveAll(streams);
      }),
      { numRuns: 60, seed, endOnFailure: true },
    );
    expect(compared).toBeGreaterThan(1_000);
    expect(new Set(refusals.map(String))).toEqual(new Set(['NOT_FOUND,NOT_FOUND']));
  }, 180_000);

  it('is so of reactions too', async () => {
    const scenario = fc.record({
      chosen: anySelection(live.schema, 'ReactionSummary'),
      subject: fc.nat(),
      who: fc.uniqueArray(fc.nat({ max: 14 }), { minLength: 4, maxLength: 7 }),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ chosen, subject, who }) => {
        const subjects = [...posts, ...comments, ...entries];
        const subjectId = subjects[subject % subjects.length] ?? '';
        const document = documentOf(
          `subscription { reactionsChanged(subjectId: "${subjectId}") ${chosen.selection} } ${chosen.fragments}`,
        );
        const query = documentOf('query ($id: ID!) { node(id: $id) { __typename } }');
        const streams: Heard[] = [];
        let type: NodeType = 'Post';
        for (const place of who) {
          const viewer = viewers[place] ?? ANONYMOUS;
          const { node } = await live.ask<{ node: { __typename: NodeType } | null }>(viewer, query, {
            id: subjectId,
          });
          // Whoever does not see it is refused; test/live/subscriptions.test.ts says so.
          if (node === null) continue;
          type = node.__typename;
          streams.push(await live.listen(viewer, document));
        }
        await hearsSoMany(streams, 1);
        for (const { stream, answers, connection } of streams) {
          const read = async (context: object) =>
            (await (context as Context).loaders.node(type, uuidOf(subjectId))) ?? {};
          const solo = await render()(stream.subscription, 'reactionsChanged', read, connection.viewer);
          expect(answers.map(({ json }) => json)).toEqual([solo.json]);
        }
        desk.leaveAll(streams);
      }),
      { numRuns: 40, seed, endOnFailure: true },
    );
  }, 60_000);
});

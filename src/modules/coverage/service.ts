import { v7 } from 'uuid';
import type { Caller } from '../../changes/caller.js';
import type { Change, Changes } from '../../changes/change.js';
import { collectProblems, noSuch, refusal } from '../../changes/refusal.js';
import type { Database } from '../../db/client.js';
import type { EventPayloads } from '../../events/catalogue.js';
import { topicOf } from '../../events/topics.js';
import { type BodyFormat, RENDERER_VERSION } from '../../render/body.js';
import type { BodyRenderer } from '../../render/pool.js';
import { emitPost, mayReadPost } from '../posts/public.js';
import { mayReadEntry } from './policy.js';
import type { CoverageEntryRow, CoverageRow } from './repo/reading.js';
import { type CoverageWriting, createCoverageWriting } from './repo/writing.js';

/** What is to be added. */
export interface AddEntry {
  readonly postId: string;
  readonly body: string;
  readonly speaker: string | null;
  /** Null: now. */
  readonly occurredAt: Date | null;
  readonly isKey: boolean;
  /** What it is written in; left out: Markdown. */
  readonly bodyFormat?: BodyFormat;
  /** Left out: as {@link kindOf} says. */
  readonly kind?: CoverageEntryRow['kind'];
}

/** What is to be corrected; undefined: stays. */
export interface CorrectEntry {
  readonly id: string;
  readonly expectedVersion: number;
  readonly body?: string | undefined;
  readonly speaker?: string | null | undefined;
  readonly isKey?: boolean | undefined;
  readonly isPinned?: boolean | undefined;
}

/** Clocks differ: what happened this little ahead of ours happened now. */
const LEAD_MS = 60_000;

const NO_COVERAGE = 'This post has no coverage.';
const RETRACTED = 'This entry was retracted: it can not be corrected.';

const notLive = (status: CoverageRow['status'] | undefined): string =>
  status === undefined
    ? 'This post has no coverage yet. Start one, then add entries.'
    : `The coverage is ${status}: entries are added while it is LIVE. Start it, then add entries.`;

/** Something said has somebody who says it; without a speaker it is a note between the utterances. */
const kindOf = (speaker: string | null): CoverageEntryRow['kind'] =>
  speaker === null ? 'NOTE' : 'UTTERANCE';

const expectOne = <Row>([row]: readonly Row[]): Row => {
  if (row === undefined) throw new Error('A coverage or an entry that was held has gone.');
  return row;
};

/** @param hadCoverage whether the post had one before. */
async function emitCoverage(
  change: Change,
  type: 'coverage.started' | 'coverage.ended',
  { id, postId, status }: CoverageRow,
  hadCoverage: boolean,
): Promise<void> {
  change.emit({ topic: topicOf.coverage(postId), type, payload: { coverageId: id, postId, status } });
  await emitPost(change, 'coverageChanged', { postId, before: { hasCoverage: hadCoverage } });
}

function emitEntry(
  change: Change,
  type: 'entry.added' | 'entry.corrected' | 'entry.retracted',
  postId: string,
  { id, coverageId, version, isKey, isPinned, retractedAt }: CoverageEntryRow,
  before: CoverageEntryRow | null,
): void {
  const payload: EventPayloads[typeof type] = {
    entryId: id,
    coverageId,
    postId,
    version,
    isKey,
    isPinned,
    retracted: retractedAt !== null,
    wasRetracted: before !== null && before.retractedAt !== null,
  };
  change.emit({ topic: topicOf.coverage(postId), type, payload });
  if (type === 'entry.retracted') change.emit({ topic: topicOf.reactions(id), type, payload });
}

/** Within a transaction: the post that a viewer wants to cover, if they may read it, and its coverage. */
async function toCover(
  change: Change,
  writing: CoverageWriting,
  postId: string,
  hold: 'key share' | 'no key update',
) {
  const [post] = await writing.postToCover(postId, change.viewer.userId, hold);
  if (post === undefined || !mayReadPost(change.viewer, post)) {
    throw refusal('NOT_FOUND', noSuch('post'), 'postId');
  }
  return post;
}

/**
 * Within a transaction: the entry that a viewer wants to change, if they see it. Who writes the coverage knows that an
 * entry was retracted, though no longer what it said.
 */
async function toChange(change: Change, writing: CoverageWriting, id: string) {
  const [found] = await writing.entryToChange(id, change.viewer.userId);
  const isSeen =
    found !== undefined &&
    mayReadPost(change.viewer, found) &&
    (found.isOwn || mayReadEntry(change.viewer, found.entry));
  if (!isSeen) throw refusal('NOT_FOUND', noSuch('coverage entry'), 'id');
  const { entry, postId, isOwn, firstAuthorId: userId } = found;
  return { entry, postId, subject: { type: 'CoverageEntry', id, isOwn, userId } };
}

export type CoverageService = ReturnType<typeof createCoverageService>;

/** What can be done with coverages and their entries. */
export function createCoverageService(db: Database, changes: Changes, renderer: BodyRenderer) {
  return {
    /** Makes a post's coverage live. One that is live stays as it is. */
    start: (caller: Caller, { postId }: { postId: string }): Promise<CoverageRow> =>
      changes.run(caller, async (change) => {
        const writing = createCoverageWriting(change.tx);
        const { isOwn, firstAuthorId: userId } = await toCover(change, writing, postId, 'no key update');
        change.authorise('COVERAGE_WRITE', { type: 'Post', id: postId, isOwn, userId });
        const id = v7();
        const [started] = await writing.start(id, postId);
        if (started === undefined) return expectOne(await writing.ofPost(postId));
        await emitCoverage(change, 'coverage.started', started, started.id !== id);
        return started;
      }),

    /** Makes a post's coverage ended. One that has ended stays as it is. */
    end: (caller: Caller, { postId }: { postId: string }): Promise<CoverageRow> =>
      changes.run(caller, async (change) => {
        const writing = createCoverageWriting(change.tx);
        const { isOwn, firstAuthorId: userId } = await toCover(change, writing, postId, 'no key update');
        change.authorise('COVERAGE_WRITE', { type: 'Post', id: postId, isOwn, userId });
        const [ended] = await writing.end(postId);
        if (ended === undefined) {
          const [coverage] = await writing.ofPost(postId);
          if (coverage === undefined) throw refusal('NOT_FOUND', NO_COVERAGE, 'postId');
          return coverage;
        }
        await emitCoverage(change, 'coverage.ended', ended, true);
        return ended;
      }),

    /** Adds an entry to a live coverage. */
    async addEntry(
      caller: Caller,
      { postId, body, bodyFormat = 'MARKDOWN', speaker, kind = kindOf(speaker), occurredAt, isKey }: AddEntry,
    ): Promise<CoverageEntryRow> {
      const rendered = await renderer.render(body, bodyFormat);
      return changes.run(caller, async (change) => {
        const writing = createCoverageWriting(change.tx);
        const {
          isOwn,
          firstAuthorId: userId,
          language,
          coverage,
        } = await toCover(change, writing, postId, 'key share');
        const id = v7();
        change.authorise('COVERAGE_WRITE', { type: 'CoverageEntry', id, isOwn, userId });

        const problems = collectProblems();
        if (coverage?.status !== 'LIVE') problems.add('CONFLICT', notLive(coverage?.status), 'postId');
        if (occurredAt !== null && occurredAt.getTime() > Date.now() + LEAD_MS) {
          problems.add('INVALID', 'Must not be in the future.', 'occurredAt');
        }
        problems.refuse();
        if (coverage === null) throw new Error('A coverage that is missing was not refused.');

        const counted = await writing.countEntry(coverage.id);
        if (counted.length === 0) throw refusal('CONFLICT', notLive('ENDED'), 'postId');
        const entry = expectOne(
          await writing.addEntry({
            id,
            coverageId: coverage.id,
            occurredAt,
            kind,
            speaker,
            language,
            body,
            bodyFormat,
            isKey,
            rendered,
            rendererVersion: RENDERER_VERSION,
          }),
        );
        emitEntry(change, 'entry.added', postId, entry, null);
        return entry;
      });
    },

    /** Corrects or pins an entry: a new version, unless nothing is different. */
    async correctEntry(
      caller: Caller,
      { id, expectedVersion, body, ...given }: CorrectEntry,
    ): Promise<CoverageEntryRow> {
      const [format] = body === undefined ? [] : await createCoverageWriting(db).formatOf(id);
      const rendered =
        body === undefined ? null : await renderer.render(body, format?.bodyFormat ?? 'MARKDOWN');
      return changes.run(caller, async (change) => {
        const writing = createCoverageWriting(change.tx);
        const { entry, postId, subject } = await toChange(change, writing, id);
        change.authorise('COVERAGE_WRITE', subject);
        if (entry.retractedAt !== null) throw refusal('CONFLICT', RETRACTED, 'id');
        if (entry.version !== expectedVersion) {
          const message = `The entry has version ${entry.version} by now. Read it again, and change that.`;
          throw refusal('CONFLICT', message, 'expectedVersion');
        }

        const speaker = given.speaker === undefined ? entry.speaker : given.speaker;
        const isKey = given.isKey ?? entry.isKey;
        const isPinned = given.isPinned ?? entry.isPinned;
        const text =
          body === undefined || rendered === null || body === entry.body
            ? null
            : { body, rendered, rendererVersion: RENDERER_VERSION };
        const isSame =
          text === null && speaker === entry.speaker && isKey === entry.isKey && isPinned === entry.isPinned;
        if (isSame) return entry;

        const kind = speaker === entry.speaker ? entry.kind : kindOf(speaker);
        const corrected = expectOne(await writing.correctEntry(id, { kind, speaker, isKey, isPinned, text }));
        emitEntry(change, 'entry.corrected', postId, corrected, entry);
        return corrected;
      });
    },

    /** Takes an entry back. One that was taken back already stays as it is, its reason too. */
    retractEntry: (
      caller: Caller,
      { id, reason }: { id: string; reason: string | null },
    ): Promise<CoverageEntryRow> =>
      changes.run(caller, async (change) => {
        const writing = createCoverageWriting(change.tx);
        const { entry, postId, subject } = await toChange(change, writing, id);
        change.authorise('COVERAGE_RETRACT', subject, { reason });
        if (entry.retractedAt !== null) return entry;
        const retracted = expectOne(await writing.retractEntry(entry, reason));
        emitEntry(change, 'entry.retracted', postId, retracted, entry);
        return retracted;
      }),
  };
}

import { setTimeout as delay } from 'node:timers/promises';
import { type Action, extentOf, may, ruleOf } from '../auth/actions.js';
import type { Viewer } from '../auth/viewer.js';
import type { Database } from '../db/client.js';
import { named } from '../db/statement.js';
import { auditLog } from '../db/tables/audit.js';
import type { LoggedEvent, NewEvent } from '../events/catalogue.js';
import { appendEvents } from '../events/log.js';
import { causesOf, ownCode } from '../lib/causes.js';
import { DomainError } from '../lib/errors.js';
import type { Caller } from './caller.js';
import type { IdempotencyStore } from './idempotency.js';
import { refusal } from './refusal.js';

/** What an action is done to. */
export interface Subject {
  /** As in the schema. */
  readonly type: string;
  readonly id: string;
  /** Whether it is the viewer's own. */
  readonly isOwn: boolean;
  /** Whom it concerns, for the audit log: the account, or the author of the subject. */
  readonly userId?: string | null;
}

/** A change under way: one transaction. */
export interface Change {
  /** The transaction; repos are made over it. */
  readonly tx: Database;
  readonly viewer: Viewer;
  /**
   * Makes sure that the viewer may do this to that, and writes privileged uses down in the audit log.
   *
   * @param details the particulars for the audit log.
   * @throws Refusal FORBIDDEN
   */
  authorise(action: Action, subject: Subject, details?: Readonly<Record<string, unknown>>): void;
  /** Writes down what the server, or whoever runs it, does without being asked for a right. */
  audit(action: Action, subject: Omit<Subject, 'isOwn'>, details?: Readonly<Record<string, unknown>>): void;
  /** Notes what topics are to hear of, once it is committed. */
  emit(event: NewEvent): void;
}

/** The one way in which anything is changed. */
export interface Changes {
  /**
   * Runs `work` in a transaction, which also keeps the answer under the client's key, writes the audit log and appends
   * the events, these last; after the commit these are published. A Refusal undoes all of it. Two changes that block each
   * other are tried again, so `work` may run more than once.
   *
   * @returns what `work` answered; for a key that was used for the same before, what it answered then.
   * @throws DomainError CONFLICT for a key that was used for something else.
   */
  run<Answer>(caller: Caller, work: (change: Change) => Promise<Answer>): Promise<Answer>;
}

/** Hears what a change appended to the log, right after its commit. Nothing is lost with what it misses: the log has it. */
export type Publish = (events: readonly LoggedEvent[]) => void;

const MOST_ATTEMPTS = 5;

/** Milliseconds to wait before the second try, at most; before each further one as much more. */
const PAUSE = 20;

/** Deadlocks and serialization failures: the other one went first. */
const isCollision = (error: unknown): boolean =>
  causesOf(error).some((cause) => ['40P01', '40001'].includes(ownCode(cause)));

const KEY_TAKEN =
  'This idempotency key was used for another request in the last 72 hours. Use a new key for each thing to be done.';

type AuditRow = typeof auditLog.$inferInsert;

/** Collects what `work` does; nothing of it is written before its end. */
function openChange(tx: Database, caller: Caller) {
  const events: NewEvent[] = [];
  const audits: AuditRow[] = [];
  const { viewer, operation, address, requestId } = caller;
  const audit: Change['audit'] = (action, { type, id, userId = null }, details = {}) => {
    const actorId = viewer.userId;
    const subject = { subjectType: type, subjectId: id, userId };
    audits.push({ actorId, action, operation, ...subject, address, requestId, details });
  };
  const change: Change = {
    tx,
    viewer,
    audit,
    authorise(action, subject, details) {
      if (!may(viewer, action, subject.isOwn)) {
        const whose = extentOf(viewer, action) === 'own' ? ' to what is not yours' : '';
        throw refusal('FORBIDDEN', `You may not do this${whose}.`);
      }
      const { audited } = ruleOf(action);
      if (audited === 'always' || (audited === 'others' && !subject.isOwn)) audit(action, subject, details);
    },
    emit: (event) => void events.push(event),
  };
  return { change, events, audits };
}

/**
 * @param publish is called for each change that appended events, and never for one that was undone.
 * @see Changes
 */
export function createChanges(db: Database, idempotency: IdempotencyStore, publish: Publish): Changes {
  /**
   * What every change ends with: the answer is kept, the audit log written, and last the events are appended.
   *
   * @returns the events with their places.
   */
  const conclude = async (
    tx: Database,
    { once, viewer }: Caller,
    { events, audits }: ReturnType<typeof openChange>,
    answer: unknown,
  ): Promise<readonly LoggedEvent[]> => {
    // Sent one behind the other, without waiting in between.
    const [, , logged] = await Promise.all([
      once && idempotency.keep(tx, viewer.userId, once, answer),
      audits.length > 0 && named('changes.audit', tx.insert(auditLog).values(audits)),
      appendEvents(tx, events),
    ]);
    return logged;
  };

  /** What was committed stays so, whatever becomes of the news. */
  const tell = (logged: readonly LoggedEvent[]): void => {
    if (logged.length === 0) return;
    try {
      publish(logged);
    } catch {
      // Whoever follows these topics reads the log.
    }
  };

  const attempt = async <Answer>(
    caller: Caller,
    work: (change: Change) => Promise<Answer>,
  ): Promise<Answer> => {
    let concluded: Promise<readonly LoggedEvent[]> | undefined;
    const answer = await db.transaction(async (tx) => {
      const { once, viewer } = caller;
      if (once) {
        const claim = await idempotency.claim(tx, viewer.userId, once);
        if (claim.outcome === 'taken') throw new DomainError('CONFLICT', KEY_TAKEN);
        once.isRepeat = claim.outcome === 'answered';
        if (claim.outcome === 'answered') return claim.answer as Answer;
      }
      const opened = openChange(tx, caller);
      const result = await work(opened.change);
      // Not waited for here: the commit travels right behind it, one trip to the database less while topics are locked. If
      // it fails, PostgreSQL makes a rollback of that commit, and waiting for it below tells.
      concluded = conclude(tx, caller, opened, result);
      concluded.catch(() => undefined);
      return result;
    });
    tell((await concluded) ?? []);
    return answer;
  };

  return {
    async run(caller, work) {
      for (let attempts = 1; ; attempts += 1) {
        try {
          return await attempt(caller, work);
        } catch (error) {
          if (attempts === MOST_ATTEMPTS || !isCollision(error)) throw error;
          // Not all who met at the same moment again.
          await delay(Math.random() * PAUSE * attempts);
        }
      }
    },
  };
}

import { v7 } from 'uuid';
import { claimNames, foldCase } from '../../../lib/names.js';
import { slugify } from '../../../lib/text.js';
import type { ImportEnvironment, Step } from '../loading.js';
import { storedUsernames, takenUsernames, upsertUsers } from '../repo/accounts.js';
import { inTurn } from '../repo/upsert.js';

/** Somebody who wrote something elsewhere. */
export interface ImportedUser {
  readonly externalId: string;
  /** The user name to have, if nobody has it. */
  readonly handle: string;
  readonly name: string;
  readonly role: 'AUTHOR' | 'READER';
}

const LONGEST_USERNAME = 50;

/** People become accounts that nobody can sign in to. A user name that is taken gets a number. */
export const accountStep = (
  { db, report }: ImportEnvironment,
  kind: string,
): Step<ImportedUser, ImportedUser> => ({
  kind,
  prepare: (batch) => Promise.resolve(batch),
  async write(batch) {
    const people = batch.map((record) => record.value);
    const written = await inTurn(db, async (tx) => {
      const stored = await storedUsernames(
        tx,
        people.map((person) => person.externalId),
      );
      const newcomers = people.filter((person) => !stored.has(person.externalId));
      const names = await claimNames(
        newcomers.map((person) => slugify(foldCase(person.handle), LONGEST_USERNAME) || 'user'),
        (candidates) => takenUsernames(tx, candidates),
      );
      const claimed = new Map(newcomers.map((person, place) => [person.externalId, names[place] ?? '']));
      return upsertUsers(
        tx,
        people.map(({ externalId, name, role }) => ({
          id: v7(),
          externalId,
          name,
          role,
          username: stored.get(externalId) ?? claimed.get(externalId) ?? '',
        })),
      );
    });
    report.count(kind, people.length, written);
  },
});

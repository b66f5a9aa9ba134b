import { claimNames, foldCase } from '../../../lib/names.js';
import { slugify } from '../../../lib/text.js';
import { type ImportEnvironment, lastOfEach, type Located, type Step } from '../loading.js';
import { storedUsers, takenUsernames, upsertUsers } from '../repo/accounts.js';

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
): Step<ImportedUser, readonly Located<ImportedUser>[]> => ({
  kind,
  batchSize: 1000,
  prepare: (batch) => Promise.resolve(lastOfEach(batch)),
  async write(batch) {
    const people = batch.map((record) => record.value);
    const stored = await storedUsers(
      db,
      people.map((person) => person.externalId),
    );
    const newcomers = people.filter((person) => !stored.has(person.externalId));
    const names = await claimNames(
      newcomers.map((person) => slugify(foldCase(person.handle), LONGEST_USERNAME) || 'user'),
      (candidates) => takenUsernames(db, candidates),
    );
    const claimed = new Map(newcomers.map((person, place) => [person.externalId, names[place] ?? '']));
    const written = await upsertUsers(
      db,
      people.map(({ externalId, name, role }) => ({
        externalId,
        name,
        role,
        username: stored.get(externalId) ?? claimed.get(externalId) ?? '',
      })),
    );
    report.count(kind, people.length, written);
  },
});

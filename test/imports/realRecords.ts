import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { SHARED_DATA } from '../kit/database.js';

/** What the tests look at in the records of ../shared/data. */
export interface PostRecord {
  readonly id: string;
  readonly source: string;
  readonly slug: string;
  readonly title: string | null;
  readonly lang: string;
  readonly author_ids: readonly string[];
  readonly tags: readonly string[];
  readonly translation_group?: string;
  readonly body_format: string;
  readonly body: string;
}

export interface CommentRecord {
  readonly id: string;
  readonly discussion_id: string;
  readonly parent_id: string | null;
  readonly created_at: string;
  readonly seq: number;
  readonly depth: number;
  readonly body: string;
  readonly body_html?: string | null;
}

export interface EntryRecord {
  readonly id: string;
  readonly coverage_id: string;
  readonly seq: number;
  readonly at: string;
  readonly speaker_code?: string | null;
  readonly speaker_name?: string | null;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

interface Kinds {
  readonly authors: Named;
  readonly users: { readonly id: string };
  readonly posts: PostRecord;
  readonly comments: CommentRecord;
  readonly coverages: { readonly id: string };
  readonly live: EntryRecord;
}

/** All records of a kind, in the order of the file. */
export const read = <Kind extends keyof Kinds>(kind: Kind): readonly Kinds[Kind][] =>
  gunzipSync(readFileSync(join(SHARED_DATA, `${kind}.jsonl.gz`)))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Kinds[Kind]);

export const ids = (records: readonly { readonly id: string }[]): string[] =>
  records.map((record) => record.id);

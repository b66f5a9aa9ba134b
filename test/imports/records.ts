/** Records of the JSONL format, complete and unremarkable; a test gives what it is about. */
export const author = (id: string, fields: object = {}) => ({
  id,
  slug: id,
  name: `Author ${id}`,
  ...fields,
});

export const user = (id: string, fields: object = {}) => ({
  id,
  handle: `user-${id}`,
  kind: 'nick',
  ...fields,
});

export const post = (id: string, fields: object = {}) => ({
  id,
  slug: id,
  title: `Post ${id}`,
  lang: 'en',
  published_at: '2026-03-01T12:00:00Z',
  author_ids: [],
  tags: [],
  body_format: 'markdown',
  body: `The body of *${id}*.`,
  ...fields,
});

export const coverage = (id: string, fields: object = {}) => ({
  id,
  title: `Coverage ${id}`,
  mission: 'Test',
  first_entry_at: '1969-07-16T13:32:00Z',
  last_entry_at: '1969-07-24T16:50:00Z',
  ...fields,
});

export const entry = (id: string, coverageId: string, fields: object = {}) => ({
  id,
  coverage_id: coverageId,
  at: '1969-07-20T20:17:40Z',
  kind: 'utterance',
  key_event: false,
  speaker_code: 'CDR',
  speaker_name: 'Commander',
  text: `Entry ${id}.`,
  ...fields,
});

export const discussion = (id: string, postId: string | null) => ({ id, suggested_post_id: postId });

export const comment = (id: string, fields: object = {}) => ({
  id,
  discussion_id: 'talk',
  parent_id: null,
  user_id: 'ann',
  created_at: '2026-03-02T08:00:00Z',
  lang: 'en',
  body: `Comment ${id}.`,
  ...fields,
});

/** A post `news` with a discussion `talk` of the user `ann`. */
export const talkOf = (...comments: readonly object[]) => ({
  'users.jsonl': [user('ann')],
  'posts.jsonl': [post('news')],
  'discussions.jsonl': [discussion('talk', 'news')],
  'comments.jsonl': comments,
});

export { seesComment, sightOf } from './policy.js';
export type { CommentRow } from './repo/reading.js';

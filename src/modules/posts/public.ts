export { mayReadPost } from './policy.js';
export { postColumns, type PostRow } from './repo/reading.js';

export { emit as emitPost } from './changing.js';
export { mayReadPost } from './policy.js';
export { postColumns, type PostRow } from './repo/reading.js';
export { authorisePost, authorsConcernedBy, mayKeepPost, postIdOf, takesPostFrom } from './streams.js';

export { LONGEST_TAG, tagsBySlug } from './naming.js';
export { claimTags } from './repo.js';

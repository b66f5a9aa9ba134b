export { mayReadEntry } from './policy.js';

export { seesComment, sightOf } from './policy.js';

import type { Attack } from './attack.js';

const FILTER = 'query ($f: PostFilter) { posts(filter: $f) { totalCount } }';
const unknownFields = (count: number, value: unknown): object =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`x${n}`, value]));

/** Variables that do not fit, and say so at length. */
export const misfits: readonly Attack[] = [
  {
    name: '49 long fields that no input has',
    query: FILTER,
    variables: { f: unknownFields(49, 'a'.repeat(1_000)) },
    expected: 'BAD_USER_INPUT',
  },
  {
    name: '2,000 fields that no input has',
    query: FILTER,
    variables: { f: unknownFields(2_000, 1) },
    expected: 'BAD_USER_INPUT',
  },
  {
    name: 'a value that reads like a suggestion',
    query: 'query ($o: PostOrder) { posts(orderBy: $o) { totalCount } }',
    variables: { o: 'Did you mean '.repeat(4_000) },
    expected: 'BAD_USER_INPUT',
  },
];

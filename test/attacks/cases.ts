import type { Attack } from './attack.js';
import { inheritedNames } from './inheritedNames.js';
import { overload } from './overload.js';
import { schemaSecrets } from './schemaSecrets.js';
import { misfits } from './misfits.js';
import { values } from './values.js';

/** After the cheat sheet of OWASP for GraphQL, and what scanners (graphql-cop, clairvoyance) and advisories try. */
export const CASES: readonly Attack[] = [
  ...overload,
  ...values,
  ...misfits,
  ...inheritedNames,
  ...schemaSecrets,
];

export { type Authenticator, createAuthenticator, type Credentials } from './door.js';
export * as accountInputs from './inputs.js';
export { suspensionOf } from './policy.js';
export { createOperatingService } from './service/operating.js';
export { columnsFor as userColumnsFor } from './loaders.js';
export { type UserColumns, userColumnsOf, type UserRow } from './repo/reading.js';

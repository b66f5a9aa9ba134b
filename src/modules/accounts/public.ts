export { type Authenticator, createAuthenticator, type Credentials } from './door.js';
export * as accountInputs from './inputs.js';
export { suspensionOf } from './policy.js';
export { createOperatingService } from './service/operating.js';
export { userColumns, type UserRow } from './repo/reading.js';

import { createAdministrationService } from './service/administration.js';
import { createCredentialService } from './service/credentials.js';
import { createSessionService } from './service/sessions.js';
import type { AccountParts } from './service/trying.js';

export type AccountService = ReturnType<typeof createAccountService>;

/** What can be done with accounts: sessions, what their users come in with, and what administrators do with them. */
export const createAccountService = (parts: AccountParts) => ({
  ...createSessionService(parts),
  ...createCredentialService(parts),
  ...createAdministrationService(parts),
});

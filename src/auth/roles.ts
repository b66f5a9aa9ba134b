/** What an account may be; RULES of actions.ts says what each may do. */
export const ROLES = ['READER', 'AUTHOR', 'MODERATOR', 'EDITOR', 'ADMIN'] as const;
export type Role = (typeof ROLES)[number];

/** What an API token may do beside reading. */
export const API_TOKEN_SCOPES = ['PUBLISH', 'PARTICIPATE', 'MODERATE', 'ADMINISTER'] as const;
export type ApiTokenScope = (typeof API_TOKEN_SCOPES)[number];

import type { AccessTokens } from './auth/accessTokens.js';
import type { Attempts } from './auth/attempts.js';
import type { Changes } from './changes/change.js';
import type { Database } from './db/client.js';
import { createAccountService } from './modules/accounts/service.js';
import { createBookmarkService } from './modules/bookmarks/service.js';
import { createCommentService } from './modules/comments/service.js';
import { createCoverageService } from './modules/coverage/service.js';
import { createFollowService } from './modules/follows/service.js';
import { createPostService } from './modules/posts/service.js';
import { createReactionService } from './modules/reactions/service.js';
import type { BodyRenderer } from './render/pool.js';

/** What the services work with. */
export interface ServicesOptions {
  readonly db: Database;
  readonly changes: Changes;
  readonly renderer: BodyRenderer;
  readonly accessTokens: AccessTokens;
  readonly attempts: Attempts;
}

/** Everything that resolvers write through; made once. */
export type Services = ReturnType<typeof createServices>;

export const createServices = ({ db, changes, renderer, accessTokens, attempts }: ServicesOptions) => ({
  accounts: createAccountService({ db, changes, accessTokens, attempts }),
  comments: createCommentService(db, changes, renderer),
  posts: createPostService(db, changes, renderer),
  coverage: createCoverageService(db, changes, renderer),
  reactions: createReactionService(changes),
  follows: createFollowService(changes),
  bookmarks: createBookmarkService(changes),
});

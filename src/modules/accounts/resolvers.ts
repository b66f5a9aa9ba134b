import type { Viewer } from '../../auth/viewer.js';
import type { Caller } from '../../changes/caller.js';
import type { Context } from '../../context.js';
import type { Resolvers } from '../../generated/resolvers.js';
import { ANSWERED_TO } from '../../graphql/guard.js';
import { encodeId, idOf } from '../../graphql/globalIds.js';
import { mutation } from '../../graphql/mutations.js';
import { oneOf } from '../../graphql/oneOf.js';
import { foldCase } from '../../lib/names.js';
import * as inputs from './inputs.js';
import { suspensionOf } from './policy.js';
import type { Granted } from './service/granting.js';
import type { ApiTokenRow } from './repo/reading.js';

/**
 * A session's payload; its viewer may read what is theirs, although the request came from nobody yet. A repeat gets the first
 * answer again, but speaks for the viewer only as long as the session does.
 */
async function payloadOf(granted: Promise<Granted>, caller: Caller, { services }: Context) {
  const { session, viewer } = await granted;
  const speaking: Viewer | undefined =
    caller.once?.isRepeat === true
      ? await services.accounts.speaksFor(session, viewer.id)
      : { userId: viewer.id, role: viewer.role, sessionId: null, scopes: 'ALL' };
  return { session, viewer: speaking ? { ...viewer, [ANSWERED_TO]: speaking } : viewer };
}

const apiTokenOf = ({ id, ...token }: ApiTokenRow) => ({ ...token, id: encodeId('ApiToken', id) });

export const accountResolvers: Resolvers = {
  Query: {
    viewer: (_, __, { viewer, loaders }) =>
      viewer.userId === null ? null : loaders.accounts.byId.load(viewer.userId),
    user: (_, { by }, { loaders }) =>
      oneOf(by, {
        id: (id) => idOf('User', id, (uuid) => loaders.accounts.byId.load(uuid)),
        username: (username) => loaders.accounts.byUsername.load(foldCase(username)),
      }),
  },
  Mutation: {
    signUp: mutation(inputs.signUp, (command, caller, context: Context) =>
      payloadOf(context.services.accounts.signUp(caller, command), caller, context),
    ),
    signIn: mutation(inputs.signIn, (command, caller, context: Context) =>
      payloadOf(context.services.accounts.signIn(caller, command), caller, context),
    ),
    refreshSession: mutation(inputs.refreshSession, (command, caller, context: Context) =>
      payloadOf(context.services.accounts.refresh(caller, command), caller, context),
    ),
    signOut: mutation(inputs.signOut, (command, caller, { services }: Context) =>
      services.accounts.signOut(caller, command),
    ),
    changePassword: mutation(inputs.changePassword, async (command, caller, { services }: Context) => ({
      user: await services.accounts.changePassword(caller, command),
    })),
    createApiToken: mutation(inputs.createApiToken, async (command, caller, { services }: Context) => {
      const { token, apiToken } = await services.accounts.createApiToken(caller, command);
      return { token, apiToken: apiTokenOf(apiToken) };
    }),
    revokeApiToken: mutation(inputs.revokeApiToken, async (command, caller, { services }: Context) => ({
      apiToken: apiTokenOf(await services.accounts.revokeApiToken(caller, command)),
    })),
    setUserRole: mutation(inputs.setUserRole, async (command, caller, { services }: Context) => ({
      user: await services.accounts.setRole(caller, command),
    })),
    suspendUser: mutation(inputs.suspendUser, async (command, caller, { services }: Context) => ({
      user: await services.accounts.suspend(caller, command),
    })),
    reinstateUser: mutation(inputs.reinstateUser, async (command, caller, { services }: Context) => ({
      user: await services.accounts.reinstate(caller, command),
    })),
  },
  User: {
    id: (user) => encodeId('User', user.id),
    suspension: (user) => suspensionOf(user),
    apiTokens: async (user, _, { loaders }) =>
      (await loaders.accounts.apiTokens.load(user.id)).map(apiTokenOf),
  },
  Post: {
    authors: (post, _, { loaders }) => loaders.accounts.byPost.load(post.id),
  },
};

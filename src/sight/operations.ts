import type { ApolloServerPlugin } from '@apollo/server';
import { signals } from '../lib/signals.js';
import type { OperationContext } from '../server/operationContext.js';

/** Says of every operation, whichever transport it came by, what became of it. Nothing of what was sent but its name. */
export const tellOfOperations: ApolloServerPlugin<OperationContext> = {
  async requestDidStart() {
    if (!signals.operation.isHeard) return undefined;
    const began = performance.now();
    return {
      async willSendResponse({ operation, document, queryHash, source, contextValue, response }) {
        const errors = response.body.kind === 'single' ? (response.body.singleResult.errors ?? []) : [];
        const codes = new Set(errors.map(({ extensions }) => String(extensions?.['code'])));
        // The parser holds the number of tokens, and nobody behind it hears of the document.
        if (source !== undefined && (document as object | undefined) === undefined) {
          if (codes.has('LIMIT_EXCEEDED')) signals.limitExceeded.say({ limit: 'tokens' });
        }
        const { requestId, viewer, transport, effort, cost } = contextValue;
        signals.operation.say({
          requestId,
          name: operation?.name?.value,
          type: operation?.operation,
          hash: queryHash,
          viewerId: viewer.userId,
          transport: transport ?? 'http',
          seconds: (performance.now() - began) / 1_000,
          statements: effort.statements,
          isKept: false,
          cost,
          codes: [...codes],
        });
      },
    };
  },
};

import type { GraphQLRequestContextWillSendResponse } from '@apollo/server';
import { signals } from '../lib/signals.js';
import type { OperationContext } from './operationContext.js';

/**
 * Says of an operation, whichever transport it came by, what became of it. Nothing of what was sent but its name.
 *
 * @param began when it came: milliseconds, of the clock of this process.
 */
export function tellOfOperation(
  {
    operation,
    document,
    queryHash,
    source,
    contextValue,
    response: { body },
  }: GraphQLRequestContextWillSendResponse<OperationContext>,
  began: number,
): void {
  if (!signals.operation.isHeard) return;
  const errors = body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
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
}

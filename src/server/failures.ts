import type {
  GraphQLRequestContextDidEncounterErrors,
  GraphQLRequestContextWillSendResponse,
} from '@apollo/server';
import { codeOf, type Fault, faultBehind, isFault, retryAfterOf } from '../graphql/errors.js';
import { ERROR_STATUS } from '../lib/errors.js';
import { REFUSED_OPERATION } from './admission.js';
import type { OperationContext } from './operationContext.js';
import { isPassing } from './passing.js';

/** Tells the operator what went wrong, and in which request when it was in one. */
export type ReportFault = (fault: Fault, requestId?: string) => void;

type Answered = GraphQLRequestContextWillSendResponse<OperationContext>;

/** Gives an answer without `data` the status that the catalogue says, unless Apollo has a better one (405, 415). */
function setStatusOfRefusal({ response: { body, http }, errors, source }: Answered): void {
  const [error] = errors ?? [];
  if (error === undefined || body.kind !== 'single' || body.singleResult.data !== undefined) return;
  const code = codeOf(error);
  const status = ERROR_STATUS[code];
  const isOperation = source !== undefined || code === 'PERSISTED_QUERY_NOT_FOUND';
  if (status !== 400) http.status = status;
  else if (isOperation && http.status !== 405) http.status = REFUSED_OPERATION;
}

/** What can be sent again later says when, and has the status for it when it was all that was asked. */
function setStatusOfPassing({ response: { body, http }, errors = [] }: Answered): void {
  const passing = errors.filter(isPassing);
  const [first] = passing;
  if (first === undefined || body.kind !== 'single') return;
  http.headers.set('retry-after', String(Math.max(...passing.map((error) => retryAfterOf(error) ?? 1))));
  if (body.singleResult.data == null) http.status = ERROR_STATUS[codeOf(first)];
}

/** Tells the operator of what the client sees only masked. */
export function reportFaults(
  report: ReportFault,
  { errors, contextValue: { requestId, asking } }: GraphQLRequestContextDidEncounterErrors<OperationContext>,
): void {
  for (const error of errors) {
    // Whoever hangs up ends the statements of their own request; a change that began goes on, and may fail.
    const isGivenUp = asking?.hasGivenUp === true && codeOf(error) === 'UNAVAILABLE';
    if (isFault(error) && !isGivenUp) report(faultBehind(error), requestId);
  }
}

/** Gives an answer with errors the status, and the headers, that they have. */
export function setStatus(request: Answered): void {
  if (request.errors === undefined) return;
  setStatusOfRefusal(request);
  setStatusOfPassing(request);
}

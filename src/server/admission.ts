import type {
  GraphQLRequestContext,
  GraphQLRequestContextDidResolveOperation,
  GraphQLRequestContextResponseForOperation,
  GraphQLResponse,
} from '@apollo/server';
import { type GraphQLError, type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import { checkVariables } from '../graphql/cleanText.js';
import { presentError } from '../graphql/errors.js';
import { checkKeyHeader } from '../graphql/idempotencyKey.js';
import { badUserInput, DomainError } from '../lib/errors.js';
import { signals } from '../lib/signals.js';
import type { CostedOperation, Costs, Price } from '../limits/cost.js';
import type { DocumentGate } from '../limits/documents.js';
import { type DocumentStore, tokensOf } from '../limits/documentStore.js';
import type { PersistedDocuments } from '../limits/persistedDocuments.js';
import type { Bucket, Payer, Throttle } from '../limits/throttle.js';
import { costOf, rateLimitsOf } from './costs.js';
import type { OperationContext, OperationCost } from './operationContext.js';

/**
 * The status of an operation that was sent properly but is refused: it does not parse, validate, or fit its variables.
 * Never sent: what HTTP calls it depends on the media type, which is not known here (see http.ts).
 */
export const REFUSED_OPERATION = 422;

/**
 * Points for finding out what is not remembered: whether a document may run, and what it costs. The dearest documents that were
 * found take 7 ms of CPU over HTTP; otherwise a point buys 0.2 to 0.3 ms, of `{ __typename }` as of a page of posts. So who is
 * refused gets no more for their points than others.
 */
const WORK = 25;

/**
 * Tokens of a document that was never seen, for each point that it takes at least: of 720 that mean next to nothing, `{ ... { ...`,
 * 4.3 ms are spent before anything runs. The longest document takes {@link WORK}.
 */
const TOKENS_FOR_A_POINT = 40;

/** Values in variables, for each point: 400,000 ids take 80 to 115 ms before anybody knows whether they fit. */
const VALUES_FOR_A_POINT = 1_000;

export interface AdmissionOptions {
  readonly gate: DocumentGate;
  readonly documents: DocumentStore;
  readonly costs: Costs;
  /** Points that one operation may cost. */
  readonly mostCost: number;
  readonly throttle: Throttle;
  readonly persisted: PersistedDocuments;
}

type Request = GraphQLRequestContext<OperationContext>;

const operationOf = ({ document, request }: Request): CostedOperation | undefined =>
  document && {
    document,
    operationName: request.operationName,
    variables: request.variables ?? {},
  };

/** Whatever is refused for what kind of operation it is. */
function checkKind({ operation, contextValue: { taken } }: Request): void {
  if (operation?.operation === OperationTypeNode.MUTATION && taken?.onlyReads) {
    throw badUserInput('A mutation is sent by POST.');
  }
  if (operation?.operation === OperationTypeNode.SUBSCRIPTION && taken === undefined) {
    throw badUserInput(
      'A subscription needs a connection that stays open: a WebSocket at /graphql (graphql-transport-ws), or server-sent events at /graphql/stream.',
    );
  }
}

/** Tells operators which limits they meet. */
function sayExceeded(refusals: readonly GraphQLError[]): void {
  for (const { extensions } of refusals) {
    if (typeof extensions['limit'] === 'string') signals.limitExceeded.say({ limit: extensions['limit'] });
  }
}

/** @throws DomainError for more than an operation may cost. */
function checkCost(points: number, mostCost: number): void {
  if (points <= mostCost) return;
  signals.limitExceeded.say({ limit: 'cost' });
  throw new DomainError(
    'LIMIT_EXCEEDED',
    `An operation may cost at most ${mostCost} points; this one may cost ${points}. Ask for less at a time: smaller pages, fewer lists in lists.`,
  );
}

/** Tells the client what it cost, and what is left. */
function tell({ response, contextValue: { isCacheable = false } }: Request, cost: OperationCost): void {
  if (response.body?.kind !== 'single') return;
  const { singleResult } = response.body;
  (singleResult.extensions ??= {})['cost'] = costOf(cost, isCacheable);
  if (isCacheable) return;
  for (const [name, value] of rateLimitsOf(cost.bucket)) response.http.headers.set(name, value);
}

/** The points of one operation, from the first that are taken to what is given back. */
function createAccount(throttle: Throttle, payer: Payer) {
  let paid = 0;
  let bucket: Bucket | undefined;
  return {
    /**
     * Takes what of so many points was not taken yet.
     *
     * @returns the refusal, when they are not there: nothing more was taken.
     */
    async pay(points: number): Promise<DomainError | undefined> {
      if (points <= paid) return undefined;
      const asked = throttle.take(payer, points - paid);
      const taken = asked instanceof Promise ? await asked : asked;
      ({ bucket } = taken);
      if (taken.isGranted) {
        paid = points;
        return undefined;
      }
      const { available, restoreRate } = bucket;
      const retryAfter = Math.max(1, Math.ceil(throttle.waitFor(payer, points) / 1_000));
      return new DomainError(
        'THROTTLED',
        `This may cost ${points} points, and ${available} are left; ${restoreRate} come back each second. Try again in ${retryAfter} s.`,
        { retryAfter },
      );
    },
    /** What was taken, unless less was used. @param used undefined: it was refused. */
    settle(used?: { readonly requested: number; readonly actual: number }): OperationCost {
      const { requested, actual } = used ?? { requested: paid, actual: paid };
      const taken = paid > actual ? bucket : undefined;
      return {
        isLetIn: used !== undefined,
        requested,
        actual,
        bucket: taken ? throttle.giveBack(payer, paid - actual, taken) : throttle.look(payer),
      };
    },
  };
}

/** What is asked of one operation on its way. */
export interface Admission {
  /** Of a document that is not in the store: it is paid for before it is parsed. */
  parse(this: void): Promise<void>;
  /** @throws DomainError or GraphQLError for whoever is not let in. */
  enter(this: void, request: GraphQLRequestContextDidResolveOperation<OperationContext>): Promise<void>;
  /** The answer, where nothing is executed: to what was refused for several reasons, and to a subscription. */
  answer(
    this: void,
    request: GraphQLRequestContextResponseForOperation<OperationContext>,
  ): GraphQLResponse | null;
  /** Gives back what was not used, and tells the client what it cost. */
  settle(this: void, request: Request): void;
}

/**
 * Lets operations in, whichever transport they came by: a document that may run here, that is valid and not too large, with
 * variables that can be kept, for points that its sender has. Cheap questions first, and dear ones for points: they are part of
 * what the operation costs, and whoever is refused does not get them back.
 */
export function createAdmissions(options: AdmissionOptions): (payer: Payer) => Admission {
  const { gate, documents, costs, mostCost, throttle, persisted } = options;
  return (payer) => {
    const account = createAccount(throttle, payer);
    let refusals: readonly GraphQLError[] = [];
    let isNew = false;
    /** Why the document is not looked at. */
    let unpaid: DomainError | undefined;
    let price: Price | undefined;
    /** Points that the operation may cost, once it is let in. */
    let requested: number | undefined;
    /** Points that it takes however little it does. */
    let least = 0;

    const throttled = (error: DomainError): DomainError => {
      signals.throttled.say({ tier: payer.tier, what: 'operation' });
      return error;
    };

    const estimateOf = async (operation: Price): Promise<number> => {
      const refused = await account.pay(WORK);
      if (refused) throw throttled(refused);
      return operation.estimate();
    };

    const actualOf = ({ response: { body }, contextValue }: Request, most: number): number => {
      if (body?.kind !== 'single' || price === undefined) return 0;
      if (contextValue.taken?.subscription !== undefined) return most;
      const { data, errors } = body.singleResult;
      // Something failed on the way, and nobody can say any more how far it came; without data nothing began.
      if (data === undefined) return 0;
      return errors === undefined ? price.actual(data) : most;
    };

    return {
      // It cannot be refused here: a text that is none is answered as such.
      async parse() {
        isNew = true;
        unpaid = await account.pay(WORK);
      },
      async enter(request) {
        const { contextValue, document, operationName, queryHash } = request;
        if (unpaid) throw throttled(unpaid);
        if (!persisted.isTrusted(queryHash)) {
          throw new DomainError('FORBIDDEN', 'Only documents that the operator listed run here.');
        }
        refusals = gate.check(document);
        if (refusals.length > 0) {
          // Nobody keeps it, although it is answered only further down: there may be several.
          request.metrics.persistedQueryRegister = false;
          return sayExceeded(refusals);
        }
        const values = checkVariables(request.request.variables ?? {});
        checkKeyHeader(contextValue.idempotencyKey, document, operationName);
        checkKind(request);
        const operation = operationOf(request);
        // There is none when the document has several and the request names none of them.
        const { operation: asked }: { operation?: OperationDefinitionNode } = request;
        const kind = asked?.operation;
        if (kind === undefined || operation === undefined) return;
        const tokens = isNew ? tokensOf(document) : 0;
        least = Math.ceil(tokens / TOKENS_FOR_A_POINT) + Math.floor(values / VALUES_FOR_A_POINT);
        const early = least > 0 ? await account.pay(least) : undefined;
        if (early) throw throttled(early);
        // Variables that do not fit are refused here: nobody executes, and so reads, them again.
        price = costs.of(operation);
        const points = Math.max(least, price.remembered ?? (await estimateOf(price)));
        documents.keep(document, costs.bytesFor(document));
        checkCost(points, mostCost);
        const refused = await account.pay(points);
        if (refused) throw throttled(refused);
        requested = points;
        if (contextValue.notes) {
          Object.assign(contextValue.notes, {
            type: kind,
            name: asked?.name?.value,
            hash: queryHash,
            requested,
          });
        }
        if (kind !== OperationTypeNode.SUBSCRIPTION || !contextValue.taken) return;
        contextValue.taken.subscription = {
          document,
          operationName: request.request.operationName ?? undefined,
          variableValues: operation.variables,
          cost: points,
        };
      },
      answer({ contextValue, response: { http } }) {
        if (refusals.length > 0) {
          const errors = refusals.map((error) => presentError(error.toJSON(), error));
          http.status = REFUSED_OPERATION;
          return { http, body: { kind: 'single', singleResult: { errors } } };
        }
        // A subscription ends here: its transport opens it.
        if (contextValue.taken?.subscription === undefined) return null;
        return { http, body: { kind: 'single', singleResult: {} } };
      },
      settle(request) {
        const used =
          requested === undefined
            ? undefined
            : { requested, actual: Math.max(least, actualOf(request, requested)) };
        request.contextValue.cost = account.settle(used);
        tell(request, request.contextValue.cost);
      },
    };
  };
}

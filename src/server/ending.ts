import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** An error that is presentable already, as graphql-ws wants to have it. */
export class Refused extends GraphQLError {
  readonly #formatted: GraphQLFormattedError;

  constructor(formatted: GraphQLFormattedError) {
    super(formatted.message, { extensions: formatted.extensions ?? null });
    this.#formatted = formatted;
  }

  override toJSON(): GraphQLFormattedError {
    return this.#formatted;
  }
}

/** The end of a stream, as graphql-ws waits for it: it yields nothing, for its answers go past it to the socket. */
export function createEnding(closed: () => void) {
  let finish: (result: IteratorReturnResult<undefined>) => void;
  let fail: (error: Refused) => void;
  const ended = new Promise<IteratorReturnResult<undefined>>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  ended.catch(() => undefined);
  const done = { done: true, value: undefined } as const;
  return {
    end: (error?: GraphQLFormattedError) => (error === undefined ? finish(done) : fail(new Refused(error))),
    generator: {
      next: () => ended,
      async return() {
        closed();
        finish(done);
        return done;
      },
      throw: () => ended,
      [Symbol.asyncIterator]() {
        return this;
      },
    },
  };
}

export type Ending = ReturnType<typeof createEnding>;

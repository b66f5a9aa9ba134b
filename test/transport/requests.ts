import { z } from 'zod';

const points = z.number().int().min(0);
/** What every answer of an operation says of its cost; without the bucket where anybody may be given it. */
const cost = z.strictObject({
  requested: points,
  actual: points,
  throttle: z.strictObject({ maximum: points, available: points, restoreRate: points }).optional(),
});

const failed = z.strictObject({
  errors: z
    .array(
      z.strictObject({
        message: z.string().min(1),
        locations: z.array(z.strictObject({ line: z.number(), column: z.number() })).optional(),
        path: z.array(z.union([z.string(), z.number()])).optional(),
        // Seconds, where it is known after how many it makes sense to ask again.
        extensions: z.strictObject({ code: z.string(), retryAfter: z.number().int().min(1).optional() }),
      }),
    )
    .min(1),
  data: z.unknown().optional(),
  // Not there for what was refused before anybody knew that it was an operation.
  extensions: z.strictObject({ cost }).optional(),
});

/** How a request failed: its first error, and what HTTP says. */
export interface Failure {
  readonly status: number;
  readonly code: string | undefined;
  readonly message: string;
  readonly headers: Headers;
  readonly text: string;
}

/** The failure in an answer; throws when it is not JSON in the one shape that all failures have. */
export async function failureOf(response: Response): Promise<Failure> {
  const text = await response.text();
  const [error] = failed.parse(JSON.parse(text)).errors;
  return {
    status: response.status,
    code: error?.extensions.code,
    message: error?.message ?? '',
    headers: response.headers,
    text,
  };
}

/** A POST of an operation in GraphQL's own media type, whose status tells the kinds of failure apart. */
export const post = (
  endpoint: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

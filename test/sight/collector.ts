import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Value = { readonly stringValue?: string; readonly intValue?: number | string };
type Attributes = readonly { readonly key: string; readonly value: Value }[];

/** A span as an instance sent it. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  /** The attribute `service.instance.id` of whoever sent it. */
  readonly instance: string;
  readonly service: string;
  readonly attributes: Readonly<Record<string, string>>;
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Attributes };
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<Span, 'instance' | 'service' | 'attributes'> & {
        readonly attributes: Attributes;
      })[];
    }[];
  }[];
}

const plain = (attributes: Attributes): Record<string, string> =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      String(value.stringValue ?? value.intValue ?? JSON.stringify(value)),
    ]),
  );

function spansIn({ resourceSpans }: Export): readonly Span[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const who = plain(resource.attributes);
    return scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        ...span,
        parentSpanId: span.parentSpanId ?? '',
        instance: who['service.instance.id'] ?? '',
        service: who['service.name'] ?? '',
        attributes: plain(span.attributes),
      })),
    );
  });
}

/** A collector of traces: OTLP over HTTP, as JSON. */
export interface Collector {
  readonly endpoint: string;
  readonly spans: readonly Span[];
  /** All that came, as it was sent. */
  readonly text: string;
  stop(): Promise<void>;
}

/** Starts one on a free port. */
export async function startCollector(): Promise<Collector> {
  const spans: Span[] = [];
  let text = '';
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      text += body;
      if (request.url === '/v1/traces') spans.push(...spansIn(JSON.parse(body) as Export));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    get text() {
      return text;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

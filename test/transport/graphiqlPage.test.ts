import { gunzipSync } from 'node:zlib';
import * as renderer from '@graphql-yoga/render-graphiql';
import Fastify from 'fastify';
import { parse, validate } from 'graphql';
import { describe, expect, test, vi } from 'vitest';
import { createSchema } from '../../src/schema.js';
import { graphiqlPage, sendGraphiql, wantsGraphiql } from '../../src/server/graphiql.js';
import { GRAPHIQL_TABS } from '../../src/server/graphiqlTabs.js';

vi.mock('@graphql-yoga/render-graphiql', { spy: true });

/** What is ready to run in the tabs, and what waits there in a comment. */
const operations = GRAPHIQL_TABS.flatMap((tab) => {
  const [commented] = /^# (?:query|mutation|subscription) [^]*/m.exec(tab) ?? [];
  return commented === undefined ? [tab] : [tab, commented.replaceAll(/^# ?/gm, '')];
});

const page = {
  gzipped: Buffer.from('H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==', 'base64'),
  etag: '"x"',
  policy: '',
};

/** What is sent for these headers: the page, or JSON. */
const answerTo = async (headers: Record<string, string>) => {
  const fastify = Fastify();
  fastify.get('/', async (request, reply) =>
    wantsGraphiql(request) ? sendGraphiql(request, reply, page) : reply.send({}),
  );
  return fastify.inject({ method: 'GET', url: '/', headers });
};

describe('GraphiQL', () => {
  test.for([
    'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7',
    'TEXT/HTML',
    'text/html, */*',
    'text/html; charset=utf-8; Q=0.9, application/json ; q=0.5',
    'application/json;q=0, text/html;q=0.1',
  ])('is for whoever prefers a page: %s', async (accept) => {
    expect((await answerTo({ accept })).headers['content-type']).toBe('text/html; charset=utf-8');
  });

  test.for([
    '*/*',
    '',
    'application/json, text/html;q=0',
    'text/html;q=0',
    'text/html;q=0.1, application/json',
    'text/html;q=0.1, */*',
    'text/html, application/graphql-response+json',
    'application/graphql-response+json, text/html;q=0.9',
    'text/html;q=nonsense',
    'text/html-ish',
    'text/*',
  ])('is not for whoever can do with JSON: %s', async (accept) => {
    expect((await answerTo({ accept })).headers['content-type']).toMatch(/^application\/json/);
  });

  test('is not for a request that names nothing', async () => {
    expect((await answerTo({})).headers['content-type']).toMatch(/^application\/json/);
  });

  test.for([
    ['gzip, deflate, br', 'gzip'],
    ['GZIP;q=0.5', 'gzip'],
    ['*', 'gzip'],
    ['gzip;q=0', undefined],
    ['gzip;q=0, *', undefined],
    ['identity', undefined],
    ['x-not-gzip', undefined],
  ] as const)('is compressed for whoever takes that: %s', async ([encodings, expected]) => {
    const answer = await answerTo({ accept: 'text/html', 'accept-encoding': encodings });
    expect(answer.headers['content-encoding']).toBe(expected);
    const bytes = answer.rawPayload;
    expect(String(expected === 'gzip' ? gunzipSync(bytes) : bytes)).toBe('hello');
  });

  test('is rendered again after a failure, and only once after that', async () => {
    vi.mocked(renderer.renderGraphiQL)
      .mockImplementationOnce(() => {
        throw new Error('no memory');
      })
      .mockReturnValueOnce('<html></html>');
    await expect(graphiqlPage()).rejects.toThrow('no memory');
    const { gzipped } = await graphiqlPage();
    expect(String(gunzipSync(gzipped))).toBe('<html></html>');
    await graphiqlPage();
    expect(renderer.renderGraphiQL).toHaveBeenCalledTimes(2);
  });

  test('has nothing in its tabs that does not fit the schema, in comments neither', () => {
    expect(operations.length).toBeGreaterThan(GRAPHIQL_TABS.length);
    for (const text of operations) expect(validate(createSchema(), parse(text)), text).toEqual([]);
  });
});

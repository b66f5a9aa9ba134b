import { describe, expect, it } from 'vitest';
import { streamsOf } from '../kit/eventStreams.js';
import { usePublication } from '../kit/publication.js';
import { eventually } from '../kit/sockets.js';
import { failureOf } from '../transport/requests.js';
import { useStreams } from './sseStage.js';

const publication = usePublication({ TRUSTED_PROXIES: '127.0.0.1,::1' });
const open = useStreams(() => publication.app);

const reserve = (address: string): Promise<Response> =>
  fetch(streamsOf(publication.app), { method: 'PUT', headers: { 'x-forwarded-for': address } });

/** Reserves so many streams at once. */
const reserveAll = (count: number, addressOf: (place: number) => string): Promise<Response[]> =>
  Promise.all(Array.from({ length: count }, (_, place) => reserve(addressOf(place))));

const statusesOf = (answers: readonly Response[]): ReadonlySet<number> =>
  new Set(answers.map(({ status }) => status));

describe('streams that are reserved and wait for their readers', () => {
  it('are 100 of one network address, whatever others do', async () => {
    expect(statusesOf(await reserveAll(100, () => '192.0.2.1'))).toEqual(new Set([201]));
    const { status, code, headers } = await failureOf(await reserve('192.0.2.1'));
    expect([status, code, headers.get('retry-after')]).toEqual([429, 'THROTTLED', '5']);
    expect((await reserve('192.0.2.2')).status).toBe(201);
  });

  it('are 100 of one IPv6 network: who has one has all of its addresses', async () => {
    const answers = await reserveAll(100, (place) => `2001:db8:1:2::${place.toString(16)}`);
    expect(statusesOf(answers)).toEqual(new Set([201]));
    expect((await reserve('2001:db8:1:2:ffff::1')).status).toBe(429);
    expect((await reserve('2001:db8:1:3::1')).status).toBe(201);
  });

  it('wait no more when the reader came', async () => {
    const [first] = await reserveAll(100, () => '192.0.2.3');
    const token = (await first?.text()) ?? '';
    expect((await reserve('192.0.2.3')).status).toBe(429);
    const stream = await open({ method: 'GET', search: { token } });
    expect(stream.status).toBe(200);
    await eventually(async () => expect((await reserve('192.0.2.3')).status).toBe(201));
    expect((await reserve('192.0.2.3')).status).toBe(429);
  });
});

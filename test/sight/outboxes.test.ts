import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createOutbox, waitingEverywhere } from '../../src/live/outbox.js';

const BODY = Buffer.from('12345');
const encode = (head: string, body: Buffer): Buffer => Buffer.concat([Buffer.from(head), body]);

describe('what waits for slow readers', () => {
  it('is counted over all of them, message by message', () => {
    const [first, second] = [1, 2].map(() => createOutbox(null, encode, () => undefined));
    first?.send('a', BODY);
    second?.send('b', BODY);
    second?.send('c', BODY);
    expect(waitingEverywhere).toEqual({ messages: 3, bytes: 18 });
    second?.connect(new PassThrough());
    expect(waitingEverywhere).toEqual({ messages: 1, bytes: 6 });
    first?.close();
    expect(waitingEverywhere).toEqual({ messages: 0, bytes: 0 });
  });

  it('is counted once when a later value takes the place of one that waits', () => {
    const outbox = createOutbox(null, encode, () => undefined);
    const value = {};
    outbox.send('a', BODY, value);
    outbox.send('a', BODY, value);
    expect(waitingEverywhere).toEqual({ messages: 1, bytes: 6 });
    outbox.close();
    outbox.close();
    expect(waitingEverywhere).toEqual({ messages: 0, bytes: 0 });
  });

  it('is nothing any more of a reader who left too much', () => {
    const outbox = createOutbox(null, encode, () => undefined);
    for (let message = 0; message < 300; message += 1) outbox.send('a', BODY);
    expect(waitingEverywhere).toEqual({ messages: 0, bytes: 0 });
  });
});

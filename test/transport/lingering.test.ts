import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { usePublication } from '../kit/publication.js';
import { openRaw } from './rawHttp.js';

describe('a body that is refused while it is still sent', () => {
  const publication = usePublication({ TIDINGS_MAX_BODY_BYTES: '100000' });

  test.for([
    ['too long', 'application/json', 413],
    ['of an unknown media type', 'application/xml', 415],
  ] as const)(
    'whoever sends all of a body that is %s before they listen hears of it each time',
    async ([, type, status]) => {
      const body = 'x'.repeat(12_000_000);
      const head = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\n`;
      const heard = await Promise.all(
        Array.from({ length: 20 }, async () => {
          const raw = await openRaw(publication.app);
          raw.socket.pause();
          await new Promise((sent) => raw.socket.write(`${head}connection: close\r\n\r\n${body}`, sent));
          raw.socket.resume();
          return (await raw.closed()).split('\r\n')[0];
        }),
      );
      expect(heard).toEqual(heard.map(() => expect.stringContaining(`HTTP/1.1 ${status} `) as string));
    },
  );

  test('a compressed body that goes on behind what was refused is answered at once', async () => {
    const packed = gzipSync(`{"query":"${' '.repeat(10_000_000)}{ __typename }"}`);
    const body = Buffer.concat([packed, randomBytes(300_000)]);
    const raw = await openRaw(publication.app);
    raw.socket.write(
      `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n`,
    );
    raw.socket.write(body);
    const began = performance.now();
    expect(await raw.closed()).toContain('HTTP/1.1 413 ');
    // Not after all the time that is given to whoever still sends.
    expect(performance.now() - began).toBeLessThan(1_500);
  });
});

/** The first byte of a text message in one frame (RFC 6455, section 5.2). */
const FINAL_TEXT = 0x81;

/**
 * A text message as a WebSocket frame from a server, not masked. `ws` makes the same, but from one string for each reader;
 * here the body is one buffer for all of them.
 */
export function frameOf(head: string, body: Buffer): Buffer {
  const headLength = Buffer.byteLength(head);
  const length = headLength + body.length;
  const start = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = FINAL_TEXT;
  if (start === 2) {
    frame[1] = length;
  } else if (start === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUIntBE(0, 2, 2);
    frame.writeUIntBE(length, 4, 6);
  }
  frame.write(head, start);
  body.copy(frame, start + headLength);
  return frame;
}

import { createHmac } from 'node:crypto';

/** Names the channels of a publication: those with another secret, who may share its Redis, have others. */
export const createChannels =
  (secret: string) =>
  (topic: string): string =>
    `tidings:events:${createHmac('sha256', secret).update(`events\0${topic}`).digest('base64url').slice(0, 22)}`;

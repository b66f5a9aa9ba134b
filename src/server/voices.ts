import type { Answer } from '../live/rendering.js';
import { createBodies } from './bodies.js';

/** Where an EventSource resumes that reconnects after the last message: nowhere. It is told to stop. */
export const OVER = 'complete';

/** How the messages of an operation are written. */
export interface Voice {
  /** What stands before the body of each answer. */
  readonly head: string;
  readonly bodyOf: (answer: Answer) => Buffer;
  /** The last message. */
  readonly complete: string;
  /** The last message when the client may come back and go on. */
  readonly pause: string;
}

/** An operation that has a stream to itself: every event is the place to resume from. */
export const ALONE: Voice = {
  head: '',
  bodyOf: createBodies(({ json, cursor }) => {
    const id = cursor === null ? '' : `id: ${cursor}\n`;
    return `event: next\n${id}data: ${json}\n\n`;
  }),
  complete: `event: complete\nid: ${OVER}\ndata:\n\n`,
  pause: 'event: complete\ndata:\n\n',
};

const bodyAmongMany = createBodies(({ json }) => `${json}}\n\n`);

/** One of many operations in a stream. */
export function amongMany(id: string): Voice {
  const name = JSON.stringify(id);
  const complete = `event: complete\ndata: {"id":${name}}\n\n`;
  return {
    head: `event: next\ndata: {"id":${name},"payload":`,
    bodyOf: bodyAmongMany,
    complete,
    pause: complete,
  };
}

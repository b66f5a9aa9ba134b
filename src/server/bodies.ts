import type { Answer } from '../live/rendering.js';

/**
 * Makes the part of a message that all streams of a cohort share, once for each answer. The answers of a cohort follow each
 * other: the body of the last one is all that is worth keeping.
 */
export function createBodies(write: (answer: Answer) => string): (answer: Answer) => Buffer {
  let lastAnswer: Answer | undefined;
  let lastBody = Buffer.alloc(0);
  return (answer) => {
    if (answer !== lastAnswer) {
      lastAnswer = answer;
      lastBody = Buffer.from(write(answer));
    }
    return lastBody;
  };
}

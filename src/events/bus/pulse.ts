import type { RedisLog } from '../../redis.js';

/** Milliseconds between two beats, and since a beat that was heard left, until the way counts as broken. */
const INTERVAL = 500;
const LONGEST_SILENCE = 1_500;

/** Messages that an instance sends to itself, the whole way through Redis: what is heard of them is how well it hears. */
export interface Pulse {
  /** Whether one came back that left a moment ago. */
  readonly isHeard: boolean;
  /** Sends one now, beside those sent regularly. */
  beat(): void;
  /** Takes one that came back. @param sentAt what was sent. */
  hear(sentAt: number): void;
  /** The connection is gone: silent until one comes back through the next. */
  lose(): void;
  stop(): void;
}

/** What a pulse works with. */
export interface PulseOptions {
  /** Called every half second, with what is to come back: when it left. */
  readonly send: (sentAt: number) => void;
  /** Called when one is heard after none was. */
  readonly onReturn: () => void;
  /** Hears once when it falls silent for longer than a reconnect takes, and once when it is back. */
  readonly log: RedisLog;
}

/** Begins to beat. */
export function startPulse({ send, onReturn, log }: PulseOptions): Pulse {
  let heardAt = performance.now();
  let isConnected = false;
  let isSilent = false;

  const isLate = (): boolean => performance.now() - heardAt > LONGEST_SILENCE;
  const isHeard = (): boolean => isConnected && !isLate();
  const beat = (): void => send(performance.now());

  const timer = setInterval(() => {
    if (isLate() && !isSilent) {
      isSilent = true;
      log.warn({}, 'Events of other instances do not arrive; reading them from the log');
    }
    beat();
  }, INTERVAL);

  return {
    get isHeard() {
      return isHeard();
    },
    beat,
    hear(sentAt) {
      const wasHeard = isHeard();
      isConnected = true;
      // Whatever else is published there: nothing was sent in the future.
      heardAt = Math.max(heardAt, Math.min(sentAt, performance.now()));
      if (wasHeard || isLate()) return;
      if (isSilent) log.info('Events of other instances arrive again');
      isSilent = false;
      onReturn();
    },
    lose() {
      isConnected = false;
    },
    stop: () => clearInterval(timer),
  };
}

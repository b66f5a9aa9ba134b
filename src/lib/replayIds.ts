import { v5 } from 'uuid';

// Never change it: people subscribe to replays by ids that follow from it.
const NAMESPACE = '24c332b7-f64c-4edc-ac97-d690091daf81';

/**
 * The post into which a coverage is replayed: the same each time, so that it can be subscribed to beforehand. For an
 * imported coverage it follows from the id in the source, and is the same on every server.
 */
export const replayPostId = ({ id, externalId }: { id: string; externalId: string | null }): string =>
  v5(externalId === null ? `coverage:${id}` : `external:${externalId}`, NAMESPACE);

/** The account in whose name replays are written. */
export const REPLAYER_ID = v5('replayer', NAMESPACE);

/** The coverage of the demo publication, by the id in its folder. */
export const DEMO_COVERAGE = 'demo:coverage:regatta-final';

/** The post into which it is replayed: what GraphiQL can subscribe to on any server. */
export const DEMO_REPLAY_POST_ID = replayPostId({ id: '', externalId: DEMO_COVERAGE });

import type { Viewer } from '../auth/viewer.js';
import type { LoggedEvent } from '../events/catalogue.js';
import type { Connection } from './stream.js';

/** The open connections of users, to find those whom a change of rights concerns. */
export interface Connections {
  add(connection: Connection): void;
  remove(connection: Connection): void;
  /** The connections of everybody who is signed in. */
  ofUsers(): readonly Connection[];
  /** The connections that an event of the topic `access` may concern. */
  concernedBy(event: LoggedEvent): readonly Connection[];
  /** Who a connection is after an event; REVOKED when it may not stay. */
  viewerAfter(connection: Connection, event: LoggedEvent): Viewer | 'REVOKED';
}

/** @see Connections */
export function createConnections(): Connections {
  const byUser = new Map<string | null, Set<Connection>>();
  return {
    add(connection) {
      const { userId } = connection.viewer;
      const own = byUser.get(userId) ?? new Set();
      byUser.set(userId, own.add(connection));
    },
    remove(connection) {
      const { userId } = connection.viewer;
      const own = byUser.get(userId);
      own?.delete(connection);
      if (own?.size === 0) byUser.delete(userId);
    },
    ofUsers: () => [...byUser].flatMap(([userId, own]) => (userId === null ? [] : [...own])),
    concernedBy: ({ payload }) => ('userId' in payload ? [...(byUser.get(payload.userId) ?? [])] : []),
    viewerAfter({ viewer, apiTokenId }, event) {
      if (viewer.userId === null) return viewer;
      const { sessionId } = viewer;
      const isRevoked =
        event.type === 'user.suspended' ||
        (event.type === 'session.revoked' && event.payload.sessionIds.includes(sessionId ?? '')) ||
        (event.type === 'apiToken.revoked' && event.payload.apiTokenId === apiTokenId);
      if (isRevoked) return 'REVOKED';
      return event.type === 'user.roleSet' ? { ...viewer, role: event.payload.role } : viewer;
    },
  };
}

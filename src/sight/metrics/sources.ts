interface PoolNumbers {
  readonly size: number;
  readonly inUse: number;
  readonly waiting: number;
}

/** What is looked at when somebody asks for metrics, and costs nothing until then. */
export interface Sources {
  /** The pool of the primary. */
  readonly primary: () => PoolNumbers;
  /** In the order in which the configuration names them. */
  readonly replicas: () => readonly {
    readonly pool: PoolNumbers;
    /** Whether it is read from. */
    readonly isWell: boolean;
    /** Milliseconds that it is behind, at most; undefined: it has not said yet. */
    readonly lag: number | undefined;
  }[];
  /** The connections of the primary that are for streams. */
  readonly streams: () => PoolNumbers;
  readonly hub: {
    readonly streams: number;
    readonly cohorts: number;
    readonly executions: number;
  };
  /** Connections that are open. */
  readonly open: () => { readonly websocket: number; readonly sse: number };
  /** What waits in outboxes. */
  readonly waiting: { readonly messages: number; readonly bytes: number };
  readonly bus: { readonly isHealthy: boolean; readonly isShared: boolean };
}

import { type Config, readConfig } from '../../src/config.js';

/** A finding, as `--json` tells it. */
export interface Found {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'problem';
  readonly what: string;
  readonly todo?: string;
}

export interface Findings {
  readonly findings: readonly Found[];
}

/** What `doctor --json` prints. */
export interface Report extends Findings {
  readonly healthy: boolean;
}

/** A secret that nobody made up. */
export const RANDOM = 'Zk4vNw0qXbT7uHsY2eJrLm9aPfGd5cVo';

/** A database that is not there. */
export const NO_ONES = 'postgres://somebody:hush@127.0.0.1:1/none';

/** Good settings, and these. */
export const configOf = (env: Record<string, string>): Config =>
  readConfig({ DATABASE_URL: NO_ONES, AUTH_SECRET: RANDOM, ...env });

/** The findings about this, each as `state: what`. */
export const about = ({ findings }: Findings, check: string): string[] =>
  findings.filter((finding) => finding.check === check).map(({ state, what }) => `${state}: ${what}`);

import { type Config, readConfig } from '../../config.js';
import { checkDatabase } from '../doctor/database.js';
import { type Finding, ok, problem } from '../doctor/findings.js';
import {
  checkDataDir,
  checkFiles,
  checkMetrics,
  checkNode,
  checkPort,
  checkTrustedDocuments,
} from '../doctor/machine.js';
import { checkRedis } from '../doctor/redis.js';
import { checkOpenness, checkOrigins, checkProxies, checkSecret } from '../doctor/settings.js';
import { explain } from '../explain.js';

export interface DoctorOptions {
  /** How many instances share the database. */
  readonly instances: string;
  /** For programs. */
  readonly json?: boolean;
}

const SIGNS = { ok: '✓', warning: '!', problem: '✗' } as const;

const lineOf = ({ state, what, todo }: Finding): string =>
  `${SIGNS[state]} ${what}${todo === undefined ? '' : `: ${todo}`}`;

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;

function summaryOf(problems: number, warnings: number): string {
  if (problems > 0) return `${count(problems, 'problem')} to mend, ${count(warnings, 'warning')}.`;
  return warnings > 0 ? `Nothing to mend, ${count(warnings, 'warning')}.` : 'All is well.';
}

async function examine(config: Config, instances: number): Promise<readonly Finding[]> {
  return [
    ok('settings', 'settings'),
    ...checkSecret(config),
    checkProxies(config),
    checkOrigins(config),
    ...checkOpenness(config),
    checkFiles(config),
    await checkPort(config),
    ...(await checkMetrics(config)),
    ...(await checkTrustedDocuments(config)),
    ...(await checkDataDir(config)),
    ...(await checkDatabase(config, instances)),
    ...(await checkRedis(config, instances)),
  ];
}

async function findAll(instances: string): Promise<readonly Finding[]> {
  try {
    if (!/^[1-9]\d{0,3}$/.test(instances)) throw new Error('--instances must be a whole number, 1 or more.');
    return [checkNode(), ...(await examine(readConfig(), Number(instances)))];
  } catch (error) {
    return [
      checkNode(),
      problem('settings', `settings: ${explain(error, undefined)}`, 'README.md has all of them'),
    ];
  }
}

/**
 * `tidings doctor`: tries everything that a start needs, says what it found and what to mend. Exit status 1 when there
 * is something to mend. Changes nothing, and tells no secret.
 */
export async function doctorCommand({ instances, json }: DoctorOptions): Promise<void> {
  const findings = await findAll(instances);
  const numberOf = (state: Finding['state']): number =>
    findings.filter((finding) => finding.state === state).length;
  const [problems, warnings] = [numberOf('problem'), numberOf('warning')];
  if (json)
    console.log(JSON.stringify({ healthy: problems === 0, problems, warnings, findings }, undefined, 2));
  else console.log([...findings.map(lineOf), '', summaryOf(problems, warnings)].join('\n'));
  if (problems > 0) process.exitCode = 1;
}

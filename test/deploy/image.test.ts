import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../kit/checkout.js';
import { textOf } from './manifests.js';

/** What a Dockerfile says, instruction by instruction, by stage; continued lines are one. */
const instructions = textOf('Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => {
    const [, name = '', rest = ''] = /^(\S+) +(.*)$/.exec(line) ?? [];
    return { name, rest };
  });

const last = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
const restOf = (wanted: string): string[] =>
  last.filter(({ name }) => name === wanted).map(({ rest }) => rest);

/** What comes in from the checkout, in any stage. */
const copied = instructions
  .filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from'))
  .flatMap(({ rest }) => rest.split(' ').slice(0, -1))
  .map((path) => path.replace(/^\.\//, ''));

const ignored = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

describe('the image', () => {
  it('is made of one base, named to its last number', () => {
    const [base] = instructions.filter(({ name }) => name === 'ARG').map(({ rest }) => rest);
    expect(base).toMatch(/^NODE=node:24\.\d+\.\d+-\w+-slim$/);
    const froms = instructions.filter(({ name }) => name === 'FROM').map(({ rest }) => rest.split(' ')[0]);
    expect(froms).toHaveLength(3);
    expect(new Set(froms)).toEqual(new Set(['${NODE}']));
  });

  it('runs as somebody who is not root, by number', () => {
    expect(restOf('USER')).toEqual(['1000:1000']);
  });

  it('starts node itself, so that signals arrive', () => {
    expect(restOf('CMD')).toEqual(['["node", "dist/main.js"]']);
    expect(restOf('ENTRYPOINT')).toEqual([]);
  });

  it('asks a route that there is whether it is healthy', () => {
    const [check = ''] = restOf('HEALTHCHECK');
    const [, path = 'none'] = /\$\{process\.env\.PORT\}([\w/]+)/.exec(check) ?? [];
    expect(readFileSync(join(ROOT, 'src/server/health.ts'), 'utf8')).toContain(`'${path}'`);
  });

  it('has neither npm nor what builds, tests and develops', () => {
    expect(restOf('RUN').join(' ')).toMatch(/^rm -rf .*\/usr\/local\/lib\/node_modules/);
    const installing = instructions.map(({ rest }) => rest).filter((rest) => rest.includes('npm ci'));
    expect(installing.at(-1)).toContain('npm ci --omit=dev');
    const sources = restOf('COPY').map((rest) => rest.split(' ').slice(0, -1).join(' '));
    expect(sources).toEqual([
      '--from=dependencies /build/node_modules',
      '--from=build /build/dist',
      'package.json',
      'migrations',
      'demo',
    ]);
  });

  it('copies only what is there, and what .dockerignore lets in', () => {
    expect(copied.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    const letIn = ignored
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1).replace(/\/$/, ''));
    expect(ignored[0]).toBe('*');
    expect(new Set(copied)).toEqual(new Set(letIn));
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { ROOT } from '../kit/checkout.js';

/** A file below deploy/. */
export const textOf = (path: string): string => readFileSync(join(ROOT, 'deploy', path), 'utf8');

/** The same, read as YAML. Anchors and merges are what compose files are made of. */
export const yamlOf = (path: string): unknown => parse(textOf(path), { merge: true }) as unknown;

const manifest = z.looseObject({ kind: z.string(), metadata: z.looseObject({ name: z.string() }) });

/** Every object for Kubernetes, by its kind. */
export function manifests(): ReadonlyMap<string, unknown> {
  const files = readdirSync(join(ROOT, 'deploy/kubernetes')).filter((name) => name !== 'kustomization.yaml');
  const all = files.flatMap((name) => parseAllDocuments(textOf(`kubernetes/${name}`)));
  return new Map(
    all.map((document) => {
      const object: unknown = document.toJS();
      return [manifest.parse(object).kind, object];
    }),
  );
}

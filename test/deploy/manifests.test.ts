import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readConfig, VARIABLE_NAMES } from '../../src/config.js';
import { documentAt, sectionOf, tableIn } from '../docs/documents.js';
import { ROOT } from '../kit/checkout.js';
import { manifests, textOf, yamlOf } from './manifests.js';

/** The seconds after which a process ends itself that cannot drain. */
const LONGEST_DRAIN = 10;

const health = readFileSync(join(ROOT, 'src/server/health.ts'), 'utf8');

const labels = z.object({ 'app.kubernetes.io/name': z.literal('tidings') });
const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.literal('http') }) }).loose();

const deployment = z.object({
  spec: z.object({
    selector: z.object({ matchLabels: labels }),
    strategy: z.object({
      type: z.literal('RollingUpdate'),
      rollingUpdate: z.object({ maxUnavailable: z.literal(0), maxSurge: z.literal(1) }),
    }),
    template: z.object({
      metadata: z.strictObject({ labels }),
      spec: z.object({
        terminationGracePeriodSeconds: z.number(),
        automountServiceAccountToken: z.literal(false),
        securityContext: z.looseObject({ runAsNonRoot: z.literal(true), runAsUser: z.number().min(1) }),
        containers: z.tuple([
          z.looseObject({
            image: z.string().regex(/:\d+\.\d+\.\d+$/),
            ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
            startupProbe: probe,
            livenessProbe: probe,
            readinessProbe: probe,
            lifecycle: z.object({
              preStop: z.object({ exec: z.object({ command: z.tuple([z.literal('sleep'), z.string()]) }) }),
            }),
            resources: z.object({
              requests: z.object({ cpu: z.string(), memory: z.string() }),
              limits: z.object({ memory: z.string() }),
            }),
            securityContext: z.object({
              allowPrivilegeEscalation: z.literal(false),
              readOnlyRootFilesystem: z.literal(true),
              capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
            }),
          }),
        ]),
      }),
    }),
  }),
});

const podMonitor = z.object({
  apiVersion: z.literal('monitoring.coreos.com/v1'),
  kind: z.literal('PodMonitor'),
  spec: z.object({
    jobLabel: labels.keyof(),
    selector: z.unknown(),
    podMetricsEndpoints: z.tuple([z.looseObject({ port: z.string(), path: z.literal('/metrics') })]),
  }),
});

describe('on Kubernetes', () => {
  const objects = manifests();
  const pod = deployment.parse(objects.get('Deployment')).spec.template.spec;
  const [container] = pod.containers;

  it('every object is applied, and no other', () => {
    const { resources } = z
      .object({ resources: z.array(z.string()) })
      .parse(yamlOf('kubernetes/kustomization.yaml'));
    expect(objects.size).toBe(resources.length);
    expect([...objects.keys()].toSorted()).toEqual([
      'ConfigMap',
      'Deployment',
      'HorizontalPodAutoscaler',
      'Ingress',
      'Namespace',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Service',
    ]);
  });

  it('a pod is asked what each probe is for, by routes that there are', () => {
    const paths = [container.startupProbe, container.livenessProbe, container.readinessProbe].map(
      ({ httpGet }) => httpGet.path,
    );
    expect(paths).toEqual(['/health/startup', '/health/live', '/health/ready']);
    for (const path of paths) expect(health).toContain(`'${path}'`);
  });

  it('a pod that goes has the time to finish', () => {
    const before = Number(container.lifecycle.preStop.exec.command[1]);
    expect(before).toBeGreaterThanOrEqual(5);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(before + LONGEST_DRAIN);
  });

  it('at least two pods run, and are taken away one at a time', () => {
    const scaling = z.object({ spec: z.looseObject({ minReplicas: z.number(), maxReplicas: z.number() }) });
    const { minReplicas, maxReplicas } = scaling.parse(objects.get('HorizontalPodAutoscaler')).spec;
    expect(minReplicas).toBeGreaterThanOrEqual(2);
    expect(maxReplicas).toBeGreaterThan(minReplicas);
    const budget = z.object({
      spec: z.object({ maxUnavailable: z.literal(1), selector: z.object({ matchLabels: labels }) }),
    });
    expect(budget.safeParse(objects.get('PodDisruptionBudget')).error).toBeUndefined();
  });

  it('the settings are settings, and good ones', () => {
    const { data } = z.object({ data: z.record(z.string(), z.string()) }).parse(objects.get('ConfigMap'));
    expect(Object.keys(data).filter((name) => !VARIABLE_NAMES.includes(name))).toEqual([]);
    expect(() => readConfig(data)).not.toThrow();
    expect(container.ports).toContainEqual({
      name: 'metrics',
      containerPort: Number(data['TIDINGS_METRICS_PORT']),
    });
  });

  it('the world reaches the API, and nothing else', () => {
    const ingress = z.object({
      spec: z.looseObject({
        rules: z.array(
          z.looseObject({
            http: z.object({ paths: z.array(z.looseObject({ path: z.string(), pathType: z.string() })) }),
          }),
        ),
      }),
    });
    const paths = ingress.parse(objects.get('Ingress')).spec.rules.flatMap(({ http }) => http.paths);
    expect(paths.map(({ path, pathType }) => [path, pathType])).toEqual([
      ['/graphql', 'Exact'],
      ['/graphql/stream', 'Exact'],
    ]);
    expect(JSON.stringify(objects.get('Service'))).not.toContain('metrics');
  });

  it('Prometheus finds the port of metrics, and names the job as rules and dashboard do', () => {
    const { spec } = podMonitor.parse(yamlOf('prometheus/podmonitor.yaml'));
    const { template, selector } = deployment.parse(objects.get('Deployment')).spec;
    expect(spec.selector).toEqual(selector);
    expect(container.ports.map(({ name }) => name)).toContain(spec.podMetricsEndpoints[0].port);
    const job = template.metadata.labels[spec.jobLabel];
    const asked = [textOf('prometheus/rules.yml'), textOf('grafana/dashboards/tidings.json')].flatMap(
      (text) => [...text.matchAll(/\bjob=\\?"(\w+)/g)].map(([, name]) => name),
    );
    expect(new Set(asked)).toEqual(new Set([job]));
    expect(textOf('prometheus/prometheus.yml')).toContain(`job_name: ${job}\n`);
  });
});

/** What a unit, or a file of settings, says of a name; each may stand there more than once. */
const valuesOf = (text: string, name: string): string[] =>
  [...text.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value);

describe('with systemd', () => {
  const unit = textOf('systemd/tidings.service');
  const example = textOf('systemd/environment.example');
  const operations = documentAt('docs/OPERATIONS.md');
  const section = sectionOf(operations, 'systemd');

  it('the settings are settings, and those that a start needs have to be filled in', () => {
    const own = Object.fromEntries(
      valuesOf(unit, 'Environment').map((setting) => setting.split(/=(.*)/s).slice(0, 2)),
    ) as Record<string, string>;
    const given = Object.fromEntries(
      [...example.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
    );
    const { NODE_OPTIONS: _, ...settings } = { ...own, ...given };
    expect(Object.keys(settings).filter((name) => !VARIABLE_NAMES.includes(name))).toEqual([]);
    expect(() => readConfig(settings)).toThrow('AUTH_SECRET');
    const filled = {
      DATABASE_URL: 'postgres://tidings:secret@10.0.0.5:5432/tidings',
      AUTH_SECRET: 'a'.repeat(64),
      REDIS_URL: 'redis://10.0.0.6:6379/0',
      HOST: '10.0.0.11',
    };
    expect(readConfig({ ...settings, ...filled }).host).toBe('10.0.0.11');
  });

  it('whoever it runs as is made, and its settings are where it reads them', () => {
    expect(section).toMatch(new RegExp(`useradd --system .* ${valuesOf(unit, 'User')[0]}\n`));
    expect(section).toContain(`environment.example ${valuesOf(unit, 'EnvironmentFile')[0]} `);
  });

  it('an upgrade builds as the first time, beside what runs, and takes its place', () => {
    const [build = ''] = /npm ci && .*$/m.exec(section) ?? [];
    const [folder = ''] = valuesOf(unit, 'WorkingDirectory');
    const upgrades = sectionOf(operations, 'Upgrades');
    expect(build).not.toBe('');
    expect(upgrades).toContain(`cd ${folder}-next && ${build}\n`);
    expect(upgrades).toContain(`mv ${folder}-next ${folder} && systemctl restart tidings\n`);
  });

  it('an instance has as much memory as with compose and on Kubernetes, and the alert comes before its end', () => {
    const heap = '--max-old-space-size=640 --max-semi-space-size=64';
    expect(valuesOf(unit, 'MemoryMax')).toEqual(['1G']);
    expect(valuesOf(unit, 'ExecStart')).toEqual([`/usr/bin/node ${heap} dist/main.js`]);
    expect(textOf('compose.yaml')).toMatch(/^ {2}mem_limit: 1g$/m);
    expect(textOf('compose.yaml')).toContain(heap);
    expect(textOf('kubernetes/deployment.yaml')).toContain('limits: { memory: 1Gi }');
    expect(textOf('kubernetes/deployment.yaml')).toContain(heap);
    const [, bytes] =
      /process_resident_memory_bytes\{[^}]*\} > (\S+?)'/.exec(textOf('prometheus/rules.yml')) ?? [];
    // From then on it refuses requests.
    expect(Number(bytes)).toBeLessThan((readConfig({}).pressure.memoryPercent / 100) * 2 ** 30);
    expect(Number(bytes)).toBeGreaterThan(0.8 * 2 ** 30);
  });

  it('a process that is asked to end has the time to drain', () => {
    expect(Number(valuesOf(unit, 'TimeoutStopSec')[0])).toBeGreaterThanOrEqual(LONGEST_DRAIN);
  });
});

it('the command line is typed as OPERATIONS says, wherever it runs', () => {
  const rows = tableIn(sectionOf(documentAt('docs/OPERATIONS.md'), 'The command line'));
  const commands = new Map(rows.map(([where = '', command = '']) => [where, command]));
  expect([...commands.keys()]).toEqual(['a checkout', 'compose', 'Kubernetes', 'systemd']);
  const unit = textOf('systemd/tidings.service');
  const [folder] = valuesOf(unit, 'WorkingDirectory');
  expect(commands.get('compose')).toContain(' exec tidings-1 node dist/cli/tidings.js ');
  expect(commands.get('Kubernetes')).toContain(
    '-n tidings exec -i deploy/tidings -- node dist/cli/tidings.js ',
  );
  expect(commands.get('systemd')).toContain(
    `--uid=${valuesOf(unit, 'User')[0]} --working-directory=${folder} `,
  );
  expect(commands.get('systemd')).toContain(`-p EnvironmentFile=${valuesOf(unit, 'EnvironmentFile')[0]} `);
  for (const setting of valuesOf(unit, 'Environment')) {
    expect(commands.get('systemd')).toContain(`-E ${setting} `);
  }
  // Where the build puts it.
  expect(existsSync(join(ROOT, 'src/cli/tidings.ts'))).toBe(true);
  expect(textOf('Dockerfile')).toContain('WORKDIR /app\n');
  expect(textOf('Dockerfile')).toContain('COPY --from=build /build/dist ./dist\n');
});

const service = z.looseObject({
  image: z.string(),
  environment: z.record(z.string(), z.string()).optional(),
  ports: z.array(z.string()).optional(),
  networks: z
    .union([z.array(z.string()), z.record(z.string(), z.object({ ipv4_address: z.string().optional() }))])
    .optional(),
  stop_grace_period: z.string().optional(),
  volumes: z.array(z.string()).optional(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  user: z.string().optional(),
});

describe('with compose', () => {
  const { services, networks } = z
    .object({
      services: z.record(z.string(), service),
      networks: z.record(z.string(), z.looseObject({ internal: z.boolean().optional() })),
    })
    .loose()
    .parse(yamlOf('compose.yaml'));
  const instances = ['tidings-1', 'tidings-2'].map((name) => service.parse(services[name]));
  const addressOf = (name: string): string | undefined => {
    const { networks: own } = service.parse(services[name]);
    return own === undefined || Array.isArray(own) ? undefined : own['inside']?.ipv4_address;
  };

  it('instances have settings that exist, and the time to drain', () => {
    for (const { environment = {}, stop_grace_period } of instances) {
      const ours = Object.keys(environment).filter((name) => name !== 'NODE_OPTIONS');
      expect(ours.filter((name) => !VARIABLE_NAMES.includes(name))).toEqual([]);
      expect(Number.parseInt(stop_grace_period ?? '0', 10)).toBeGreaterThanOrEqual(LONGEST_DRAIN);
    }
  });

  it('every setting that has to be filled in stands in the example', () => {
    const wanted = [...textOf('compose.yaml').matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name);
    const example = new Set([...textOf('settings.example').matchAll(/^(\w+)=/gm)].map(([, name]) => name));
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.filter((name) => !example.has(name))).toEqual([]);
  });

  it('instances believe nginx, and nobody else', () => {
    for (const { environment } of instances) {
      expect(environment?.['TRUSTED_PROXIES']).toBe(addressOf('nginx'));
    }
    const hosts = z.array(z.string()).parse(services['nginx']?.['extra_hosts']);
    expect(hosts).toEqual(['tidings-1', 'tidings-2'].map((name) => `${name}:${addressOf(name)}`));
  });

  it('only nginx is for the world; databases have no port, and no way out', () => {
    const published = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    const forAll = published.filter(
      ([, { ports }]) => !ports?.every((port) => port.startsWith('127.0.0.1:')),
    );
    expect(forAll.map(([name]) => name)).toEqual(['nginx']);
    expect(networks['inside']?.internal).toBe(true);
    for (const name of ['postgres', 'redis']) {
      expect(services[name]).toMatchObject({ networks: ['inside'] });
      expect(services[name]?.ports).toBeUndefined();
    }
  });

  it('what can be is read-only and has no capabilities; every image has a version', () => {
    const soft = Object.entries(services).filter(
      ([name, { read_only, cap_drop }]) =>
        name !== 'postgres' && !(read_only === true && cap_drop?.includes('ALL')),
    );
    expect(soft.map(([name]) => name)).toEqual([]);
    const unpinned = Object.values(services).filter(({ image }) => !/:v?\d|\$\{TIDINGS_VERSION/.test(image));
    expect(unpinned).toEqual([]);
  });

  it('Prometheus scrapes the port that instances open, and nginx listens where it is published', () => {
    const port = instances[0]?.environment?.['TIDINGS_METRICS_PORT'];
    expect(textOf('prometheus/prometheus.yml')).toContain(`[tidings-1:${port}, tidings-2:${port}]`);
    expect(services['nginx']?.ports?.[0]).toMatch(/:8080$/);
    expect(textOf('nginx.conf')).toContain('listen 8080;');
  });
});

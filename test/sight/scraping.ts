/** Metrics as they were read at a moment. */
export interface Scraped {
  readonly text: string;
  /** The value of a series; 0 when there is none. */
  of(series: string, labels?: Readonly<Record<string, string>>): number;
  /** The values that a label of a series has. */
  labelsOf(series: string, label: string): ReadonlySet<string>;
}

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

function samplesIn(text: string): readonly Sample[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [, name = '', inner = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    const labels = [...inner.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', is = '']) => [label, is]);
    return { name, labels: Object.fromEntries(labels) as Record<string, string>, value: Number(value) };
  });
}

/** Reads `/metrics`. */
export async function scrape(address: URL, token?: string): Promise<Scraped> {
  const response = await fetch(address, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  if (response.status !== 200) throw new Error(`/metrics answered ${response.status}.`);
  const text = await response.text();
  const samples = samplesIn(text);
  return {
    text,
    of(series, labels = {}) {
      const found = samples.find(
        (sample) =>
          sample.name === series &&
          Object.entries(labels).every(([name, value]) => sample.labels[name] === value),
      );
      return found?.value ?? 0;
    },
    labelsOf: (series, label) =>
      new Set(samples.flatMap(({ name, labels }) => (name === series ? [labels[label] ?? ''] : []))),
  };
}

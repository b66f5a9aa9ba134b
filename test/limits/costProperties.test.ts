import fc from 'fast-check';
import { parse, validate } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCosts } from '../../src/limits/cost.js';
import { createSchema } from '../../src/schema.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { anyQuery } from './anyOperation.js';
import { type Form, formsOf, withoutField } from './costForms.js';
import { counted } from './counted.js';

const schema = createSchema();
const costs = createCosts(schema);

const asked = ({ query, variables }: Form) => ({
  document: parse(query),
  operationName: undefined,
  variables,
});
const plain = (query: string): Form => ({ query, variables: {} });
const estimated = (form: Form): number => costs.of(asked(form)).estimate();

describe('an estimate', () => {
  it('is made of valid operations', () => {
    fc.assert(
      fc.property(anyQuery(schema), (query) => {
        for (const form of Object.values(formsOf(schema, query))) {
          expect(validate(schema, parse(form.query)), form.query).toEqual([]);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('is the same however the operation is written', () => {
    fc.assert(
      fc.property(anyQuery(schema), (query) => {
        const forms = Object.entries(formsOf(schema, query));
        const points = forms.map(([name, form]) => [name, estimated(form)]);
        const [, expected] = points[0] ?? [];
        expect(Object.fromEntries(points)).toEqual(
          Object.fromEntries(forms.map(([name]) => [name, expected])),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('is never lower for one more field', () => {
    fc.assert(
      fc.property(anyQuery(schema), fc.nat(1_000), (query, place) => {
        expect(estimated(plain(withoutField(query, place)))).toBeLessThanOrEqual(estimated(plain(query)));
      }),
      { numRuns: 150 },
    );
  });

  it('is never lower for a longer page', () => {
    fc.assert(
      fc.property(anyQuery(schema), (query) => {
        const longer = query.replaceAll(/(first|last): (\d)/g, '$1: 1$2');
        expect(estimated(plain(longer))).toBeGreaterThanOrEqual(estimated(plain(query)));
      }),
      { numRuns: 100 },
    );
  });
});

describe('what the demo publication answers', () => {
  const publication = usePublication();
  let administrator: Person;
  beforeAll(async () => {
    administrator = await createPerson(publication, 'ADMIN');
  });

  /** What it answers to an operation that may be sent. */
  const answerTo = async (form: Form): Promise<unknown> => {
    fc.pre(estimated(form) <= 1_000);
    const { data, errors } = await administrator.send<unknown>(form.query, { ...form.variables });
    fc.pre(errors === undefined);
    return data;
  };

  it('never takes more than was estimated', async () => {
    await fc.assert(
      fc.asyncProperty(anyQuery(schema), async (query) => {
        const data = await answerTo(plain(query));
        const points = counted(schema, plain(query), data);
        expect(points).toBeGreaterThanOrEqual(1);
        expect(points).toBeLessThanOrEqual(estimated(plain(query)));
      }),
      { numRuns: 50 },
    );
  }, 60_000);

  it('takes the same however the operation was written', async () => {
    await fc.assert(
      fc.asyncProperty(anyQuery(schema), async (query) => {
        const { asItIs, inlined, withFragments, withVariables } = formsOf(schema, query);
        const forms = [asItIs, inlined, withFragments, withVariables].filter((form) => form !== undefined);
        const points: number[] = [];
        for (const form of forms) points.push(counted(schema, form, await answerTo(form)));
        expect(points).toEqual(points.map(() => points[0]));
      }),
      { numRuns: 12 },
    );
  }, 60_000);

  it('takes next to nothing when a list is empty', async () => {
    const query =
      '{ posts(first: 20, filter: { tag: "no such tag" }) { nodes { title authors { name } comments { nodes { body } } } } }';
    const data = await answerTo(plain(query));
    expect(costs.of(asked(plain(query))).actual(data)).toBe(2);
    expect(estimated(plain(query))).toBeGreaterThan(100);
  });
});

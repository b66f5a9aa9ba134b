import {
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
} from 'graphql';
import { isInterfaceType, isObjectType, isSpecifiedScalarType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createSchema } from '../../src/schema.js';
import { documentAt, sectionOf, tableIn } from './documents.js';

const types = Object.values(createSchema().getTypeMap()).filter(
  (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
);

/** Anything that GraphiQL's explorer shows, by its coordinate. */
interface Described {
  readonly coordinate: string;
  readonly description: string | null | undefined;
}

const ofField = (type: GraphQLNamedType, field: GraphQLField<unknown, unknown>): Described[] => [
  { coordinate: `${type.name}.${field.name}`, description: field.description },
  ...field.args.map(({ name, description }) => ({
    coordinate: `${type.name}.${field.name}(${name}:)`,
    description,
  })),
];

function partsOf(type: GraphQLNamedType): Described[] {
  if (isObjectType(type) || isInterfaceType(type)) {
    return Object.values(type.getFields()).flatMap((field) => ofField(type, field));
  }
  if (isEnumType(type) || isInputObjectType(type)) {
    const parts = isEnumType(type) ? type.getValues() : Object.values(type.getFields());
    return parts.map(({ name, description }) => ({ coordinate: `${type.name}.${name}`, description }));
  }
  return [];
}

describe('the schema', () => {
  it('describes every type, field, argument, enum value and input field', () => {
    const described: Described[] = types.flatMap((type) => [
      { coordinate: type.name, description: type.description },
      ...partsOf(type),
    ]);
    expect(described.length).toBeGreaterThan(200);
    const bare = described.filter(({ description }) => (description ?? '').trim() === '');
    expect(bare.map(({ coordinate }) => coordinate)).toEqual([]);
  });

  it('leaves no field of a connection or an edge, but the node, to the default resolver', () => {
    const unresolved = types
      .filter((type) => isObjectType(type))
      .filter(({ name }) => /(?:Connection|Edge)$/.test(name))
      .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })))
      .filter(({ field }) => field.name !== 'node' && field.resolve === undefined);
    expect(unresolved.map(({ type, field }) => `${type.name}.${field.name}`)).toEqual([]);
  });

  it('answers every list of nodes that can grow as a connection', () => {
    const fields = types
      .filter((type) => isObjectType(type))
      .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })));
    const connections = fields.filter(({ field }) => getNamedType(field.type).name.endsWith('Connection'));
    const pages = connections.map(({ field }) => field.args.map((argument) => argument.name));
    expect(pages.length).toBeGreaterThan(5);
    for (const page of pages) expect(page).toEqual(expect.arrayContaining(['first', 'after']));
  });
});

describe("LIVE's table of subscriptions", () => {
  it('has every field of Subscription, and no other', () => {
    const rows = tableIn(sectionOf(documentAt('docs/LIVE.md'), 'What there is'));
    const told = rows.flatMap(([field = '']) => /`(\w+)\(/.exec(field)?.[1] ?? []);
    const fields = Object.keys(createSchema().getSubscriptionType()?.getFields() ?? {});
    expect(told.toSorted()).toEqual(fields.toSorted());
  });
});

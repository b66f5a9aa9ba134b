import { getDirectiveValues, GraphQLError, isEnumType, isNonNullType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { type Action, extentOf, may, RULES } from '../../src/auth/actions.js';
import { API_TOKEN_SCOPES, ROLES } from '../../src/auth/roles.js';
import { ANONYMOUS, type Viewer } from '../../src/auth/viewer.js';
import { actionOf } from '../../src/graphql/guard.js';
import { createSchema } from '../../src/schema.js';

const schema = createSchema();

const objectTypes = Object.values(schema.getTypeMap())
  .filter((type) => isObjectType(type))
  .filter((type) => !type.name.startsWith('__'));

const valuesOf = (name: string): string[] => {
  const type = schema.getType(name);
  return isEnumType(type) ? type.getValues().map((value) => value.name) : [];
};

describe('the rules', () => {
  it('cover every root field: one without @auth is nobody’s', () => {
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const fields = roots.flatMap((type) =>
      type ? Object.values(type.getFields()).map((field) => ({ type, field })) : [],
    );
    const bare = fields.filter(({ type, field }) => actionOf(schema, type, field) === undefined);
    expect(bare.map(({ type, field }) => `${type.name}.${field.name}`)).toEqual([]);
    expect(fields.length).toBeGreaterThan(40);
  });

  it('let no mutation be carried out by right of reading', () => {
    const fields = Object.values(schema.getMutationType()?.getFields() ?? {});
    const type = schema.getMutationType();
    const reading = fields.filter((field) => type && actionOf(schema, type, field) === 'READ');
    expect(reading.map((field) => field.name)).toEqual([]);
  });

  it('are the enums of the schema, word for word', () => {
    expect(valuesOf('Action')).toEqual(Object.keys(RULES));
    expect(valuesOf('Role')).toEqual([...ROLES]);
    expect(valuesOf('ApiTokenScope')).toEqual([...API_TOKEN_SCOPES]);
  });

  it('guard only fields that can be null, or that stand in a type which is guarded as a whole', () => {
    const directive = schema.getDirective('auth');
    if (!directive) throw new GraphQLError('There is no @auth.');
    const roots = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]);
    const visible = objectTypes
      .filter((type) => !roots.has(type))
      .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })))
      .filter(({ field }) => field.astNode && getDirectiveValues(directive, field.astNode))
      .filter(({ field }) => isNonNullType(field.type));
    expect(visible.map(({ type, field }) => `${type.name}.${field.name}`)).toEqual([]);
  });

  it('stand in the description of every field they guard', () => {
    const guarded = objectTypes
      .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })))
      .map(({ type, field }) => ({ field, action: actionOf(schema, type, field) }))
      .filter(({ action }) => action !== undefined && action !== 'READ');
    expect(guarded.length).toBeGreaterThan(50);
    for (const { field } of guarded) expect(field.description).toMatch(/ For: .+\.$/);
  });

  it('give nothing to whom they don’t name: the anonymous viewer reads and signs in, no more', () => {
    const actions = Object.keys(RULES) as Action[];
    expect(actions.filter((action) => extentOf(ANONYMOUS, action) !== 'none')).toEqual([
      'READ',
      'SESSION_OPEN',
    ]);
  });

  it('give an API token what its scopes and its user’s role both allow', () => {
    const token = (role: (typeof ROLES)[number], ...scopes: (typeof API_TOKEN_SCOPES)[number][]): Viewer => ({
      userId: 'someone',
      role,
      sessionId: null,
      scopes,
    });
    expect(may(token('EDITOR', 'PUBLISH'), 'POST_EDIT', false)).toBe(true);
    expect(may(token('EDITOR', 'PARTICIPATE'), 'POST_EDIT', false)).toBe(false);
    expect(may(token('READER', 'PUBLISH'), 'POST_EDIT', true)).toBe(false);
    expect(may(token('ADMIN', ...API_TOKEN_SCOPES), 'PASSWORD_CHANGE', true)).toBe(false);
    expect(may(token('ADMIN', ...API_TOKEN_SCOPES), 'API_TOKEN_MANAGE', true)).toBe(false);
    expect(may(token('READER'), 'READ', false)).toBe(true);
  });
});

import {
  getDirectiveValues,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  defaultFieldResolver,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { type Action, extentOf, may, ruleOf } from '../auth/actions.js';
import { ROLES } from '../auth/roles.js';
import type { Viewer } from '../auth/viewer.js';
import { DomainError } from '../lib/errors.js';

/** What the guard needs to know of an operation. */
export interface GuardContext {
  readonly viewer: Viewer;
}

/** Says, for the types whose fields ask it, whether an object is the viewer's own. */
export type OwnershipByType<Context> = Readonly<
  Record<string, (object: never, context: Context) => boolean | Promise<boolean>>
>;

/**
 * Stands on an object that is answered to somebody who has just become a viewer, by signing in: its own fields are asked for
 * by that viewer, whoever sent the request.
 */
export const ANSWERED_TO: unique symbol = Symbol('answered to');

/** Who asks for the fields of an object. */
const viewerBefore = (source: unknown, context: GuardContext): Viewer =>
  (source as { readonly [ANSWERED_TO]?: Viewer } | null)?.[ANSWERED_TO] ?? context.viewer;

/** The same operation, asked by somebody else. What a context inherits it has as well: a copy would not. */
const withViewer = <Context extends GuardContext>(context: Context, viewer: Viewer): Context =>
  Object.assign(Object.create(context) as Context, { viewer });

type Field = GraphQLField<unknown, GuardContext>;

/** The action that a field asks for: its own `@auth`, or that of its type. */
export function actionOf(schema: GraphQLSchema, type: GraphQLObjectType, field: Field): Action | undefined {
  const directive = schema.getDirective('auth');
  if (!directive) throw new Error('The schema has no directive @auth.');
  const nodes = [field.astNode, type.astNode, ...type.extensionASTNodes];
  for (const node of nodes) {
    const values = node ? getDirectiveValues(directive, node) : undefined;
    if (values) return values['action'] as Action;
  }
  return undefined;
}

const roleNames = (roles: readonly string[]): string =>
  roles.length === ROLES.length ? 'every signed-in viewer' : roles.join(', ');

/** Who may, in words. */
export function accessInWords(action: Action): string {
  const { anonymous, roles, own } = ruleOf(action);
  if (anonymous === 'any') return 'everybody';
  const having = (extent: string): string[] => ROLES.filter((role) => roles[role] === extent);
  const [any, ownOnly] = [having('any'), having('own')];
  return [
    ...(any.length > 0 ? [roleNames(any)] : []),
    ...(ownOnly.length > 0 ? [`${roleNames(ownOnly)} for ${own ?? 'what is their own'}`] : []),
  ].join('; ');
}

/** @throws DomainError that says what is missing: an account, or the right. */
function deny(viewer: Viewer, action: Action): never {
  if (viewer.userId === null) {
    throw new DomainError('UNAUTHENTICATED', 'Sign in first: this is not for anonymous viewers.');
  }
  const { scope } = ruleOf(action);
  if (viewer.scopes !== 'ALL' && scope === 'SESSION') {
    throw new DomainError('FORBIDDEN', 'No API token may do this. Sign in with the password.');
  }
  const isMissing =
    viewer.scopes !== 'ALL' && scope !== null && scope !== 'SESSION' && !viewer.scopes.includes(scope);
  throw new DomainError(
    'FORBIDDEN',
    isMissing
      ? `This API token may not do this: it needs the scope ${scope}.`
      : `The role ${viewer.role} may not do this. It is for: ${accessInWords(action)}.`,
  );
}

type Resolve = GraphQLFieldResolver<unknown, GuardContext>;

/** A field of Query or Subscription: refused with an error that says why; the field's name is no secret. */
const guardRoot =
  (action: Action, resolve: Resolve): Resolve =>
  (source, args, context, info) =>
    extentOf(context.viewer, action) === 'none'
      ? deny(context.viewer, action)
      : resolve(source, args, context, info);

/** A mutation: what a signed-in viewer may not do is a user error, as everything that can be expected. */
const guardMutation =
  (action: Action, resolve: Resolve): Resolve =>
  (source, args, context, info) => {
    if (extentOf(context.viewer, action) !== 'none') return resolve(source, args, context, info);
    try {
      return deny(context.viewer, action);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'FORBIDDEN') throw error;
      return { userErrors: [{ code: 'FORBIDDEN', message: error.message, field: null }] };
    }
  };

/**
 * A field of an object: what the viewer may not see is null, like what does not exist. A field that is never null belongs
 * to a type that nobody else gets hold of; the guard is there all the same.
 */
const guardField =
  <Context extends GuardContext>(
    action: Action,
    resolve: GraphQLFieldResolver<unknown, Context>,
    isNullable: boolean,
    isOwn: ((object: never, context: Context) => boolean | Promise<boolean>) | undefined,
  ): GraphQLFieldResolver<unknown, Context> =>
  async (source, args, context, info) => {
    const viewer = viewerBefore(source, context);
    const asked = viewer === context.viewer ? context : withViewer(context, viewer);
    const extent = extentOf(viewer, action);
    const allowed =
      extent === 'any' ||
      (extent === 'own' && may(viewer, action, (await isOwn?.(source as never, asked)) ?? false));
    if (allowed) return resolve(source, args, context, info);
    return isNullable ? null : deny(viewer, action);
  };

/**
 * Puts a guard before every field that `@auth` protects, whichever way leads to it, and says in the field's description
 * who may ask, because introspection does not show directives.
 *
 * @param isOwn for each type with a field that somebody may read of their own objects only.
 */
export function guardSchema(schema: GraphQLSchema, isOwn: OwnershipByType<never>): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const action = actionOf(schema, type, field);
      if (action === undefined || action === 'READ') continue;
      field.description = `${field.description ?? ''} For: ${accessInWords(action)}.`.trim();
      const resolve = field.resolve ?? defaultFieldResolver;
      if (type === schema.getSubscriptionType()) {
        field.subscribe = guardRoot(action, field.subscribe ?? defaultFieldResolver);
      } else if (type === schema.getMutationType()) {
        field.resolve = guardMutation(action, resolve);
      } else if (type === schema.getQueryType()) {
        field.resolve = guardRoot(action, resolve);
      } else {
        const own = isOwn[type.name];
        field.resolve = guardField(action, resolve, !isNonNullType(field.type), own as never);
      }
    }
  }
  return schema;
}

import { readFileSync, writeFileSync } from 'node:fs';
import { type GraphQLObjectType, isEnumType, isObjectType } from 'graphql';
import { type Action, extentOf, ruleOf, RULES } from '../src/auth/actions.js';
import { ROLES } from '../src/auth/roles.js';
import { ANONYMOUS, type Viewer } from '../src/auth/viewer.js';
import { actionOf } from '../src/graphql/guard.js';
import { mayReadEntry } from '../src/modules/coverage/policy.js';
import { seesComment, sightOf } from '../src/modules/comments/policy.js';
import { mayReadPost } from '../src/modules/posts/policy.js';
import { createSchema } from '../src/schema.js';

/**
 * Writes docs/ACCESS.md from what decides: the table of actions, the directives of the schema, the policies. `--check`
 * fails when the file says anything else.
 */
const PATH = 'docs/ACCESS.md';

const schema = createSchema();

/** Everybody who may come, in the order of the columns. */
const VIEWERS: readonly { readonly name: string; readonly viewer: Viewer }[] = [
  { name: 'anonymous', viewer: ANONYMOUS },
  ...ROLES.map((role) => ({
    name: role,
    viewer: { userId: 'viewer', role, sessionId: 'session', scopes: 'ALL' as const },
  })),
];

const COLUMNS = VIEWERS.map(({ name }) => name);
const SIGNS = { none: '', own: 'own', any: 'yes' } as const;

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

const extents = (action: Action): string[] => VIEWERS.map(({ viewer }) => SIGNS[extentOf(viewer, action)]);

const oneLine = (text: string): string => text.split('\n\n')[0]?.replaceAll('\n', ' ') ?? '';

/** A right for each row. */
function actionTable(): string {
  const type = schema.getType('Action');
  const values = isEnumType(type) ? type.getValues() : [];
  const rows = values.map(({ name, description }) => {
    const action = name as Action;
    const { scope, audited } = ruleOf(action);
    const token = scope === 'SESSION' ? 'never' : (scope ?? 'any');
    const audit = audited === 'always' ? 'always' : audited === 'others' ? 'on what is not own' : '';
    return [`\`${name}\``, oneLine(description ?? ''), ...extents(action), token, audit];
  });
  return table(['action', 'what it is', ...COLUMNS, 'API token needs', 'in the audit log'], rows);
}

function ownMeanings(): string {
  return (Object.keys(RULES) as Action[])
    .flatMap((action) => {
      const { own } = ruleOf(action);
      return own === undefined ? [] : [`- \`${action}\`: ${own}.`];
    })
    .join('\n');
}

const objectTypes = Object.values(schema.getTypeMap())
  .filter((type) => isObjectType(type))
  .filter((type) => !type.name.startsWith('__'));

/** The fields of some types with the rights that they ask for. */
function fieldTable(types: readonly GraphQLObjectType[]): string {
  const rows = types.flatMap((type) =>
    Object.values(type.getFields()).map((field) => {
      const action = actionOf(schema, type, field);
      return action === undefined
        ? [`\`${type.name}.${field.name}\``, '', ...COLUMNS.map(() => SIGNS.any)]
        : [`\`${type.name}.${field.name}\``, `\`${action}\``, ...extents(action)];
    }),
  );
  return table(['field', 'asks for', ...COLUMNS], rows);
}

const yes = (holds: boolean): string => (holds ? SIGNS.any : '');

/** yes, own or nothing, from a rule that depends on whose it is. */
const extentBy = (holds: (isOwn: boolean) => boolean): string =>
  holds(false) ? SIGNS.any : holds(true) ? SIGNS.own : '';

/** Who sees an object at all, by its state: the policies are asked. */
function stateTable(): string {
  const posts = (['PUBLISHED', 'SCHEDULED', 'DRAFT', 'ARCHIVED'] as const).map((status) => [
    `Post, ${status}`,
    ...VIEWERS.map(({ viewer }) => extentBy((isOwn) => mayReadPost(viewer, { status, isOwn }))),
  ]);
  const comments = (
    [
      ['VISIBLE', 0, 'VISIBLE'],
      ['PENDING', 0, 'PENDING'],
      ['HIDDEN', 0, 'HIDDEN'],
      ['DELETED', 1, 'DELETED, with replies: an empty place'],
      ['DELETED', 0, 'DELETED, without replies'],
    ] as const
  ).map(([state, replyCount, words]) => [
    `Comment, ${words}`,
    ...VIEWERS.map(({ viewer }) =>
      extentBy((isOwn) => {
        const authorId = isOwn ? viewer.userId : 'another';
        return seesComment(sightOf(viewer), { state, replyCount, authorId });
      }),
    ),
  ]);
  const entries = [false, true].map((isRetracted) => [
    `CoverageEntry, ${isRetracted ? 'retracted' : 'standing'}`,
    ...VIEWERS.map(({ viewer }) =>
      yes(mayReadEntry(viewer, { retractedAt: isRetracted ? new Date(0) : null })),
    ),
  ]);
  const always = ['User', 'Tag'].map((name) => [name, ...VIEWERS.map(() => SIGNS.any)]);
  return table(['object', ...COLUMNS], [...posts, ...comments, ...entries, ...always]);
}

const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
const present = <Value>(value: Value | null | undefined): value is Value => value != null;
const isGuarded = (type: GraphQLObjectType): boolean =>
  Object.values(type.getFields()).some((field) => actionOf(schema, type, field) !== undefined);

const text = `# Who may do what

Made by \`npm run generate\` from the table of actions (\`src/auth/actions.ts\`), the directives of the schema and the
policies of the modules; \`npm run check\` fails when it is out of date. The test \`test/access/matrix.test.ts\` walks every
type, field, role and route and holds the server to it.

"yes": on everything. "own": on what is the viewer's own. Nothing: not at all; whoever is not named may not.

## Actions

${actionTable()}

What "own" means:

${ownMeanings()}

An API token can do what both its scopes and the role of its user allow.

## Which objects are seen

What a viewer may not see answers exactly like what does not exist, on every route: by id, in lists, by search, below
other objects, in the answers of mutations. What belongs to an object (comments, coverage and entries of a post, replies
of a comment) is never more public than it.

${stateTable()}

## Root fields

A field that asks for more than a viewer may is refused: UNAUTHENTICATED without an account, FORBIDDEN with one; mutations
say FORBIDDEN in their \`userErrors\`. "own" here: it depends on the object.

${fieldTable(roots.filter(present))}

## Fields of objects

All fields of the types in which at least one is guarded. A guarded field is null for those who may not read it. Fields of
all other types are for everybody who sees the object.

${fieldTable(objectTypes.filter((type) => !roots.includes(type) && isGuarded(type)))}
`;

if (process.argv.includes('--check')) {
  if (readFileSync(PATH, 'utf8') !== text) {
    console.error(`${PATH} is out of date: run \`npm run generate\`.`);
    process.exitCode = 1;
  }
} else writeFileSync(PATH, text);

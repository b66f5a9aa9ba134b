import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** One of the ways in which an operation can be written. */
export interface Form {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Each selection a fragment of its own, spread twice. */
function withFragments(schema: GraphQLSchema, document: DocumentNode): DocumentNode {
  const types = new TypeInfo(schema);
  const fragments: FragmentDefinitionNode[] = [];
  const fragment = (selectionSet: SelectionSetNode, type: string): SelectionSetNode => {
    const name = { kind: Kind.NAME, value: `Moved${fragments.length}` } as const;
    fragments.push({
      kind: Kind.FRAGMENT_DEFINITION,
      name,
      typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } },
      selectionSet,
    });
    const spread = { kind: Kind.FRAGMENT_SPREAD, name } as const;
    return { kind: Kind.SELECTION_SET, selections: [spread, spread] };
  };
  const { definitions } = visit(
    document,
    visitWithTypeInfo(types, {
      SelectionSet: {
        leave: (node) => fragment(node, types.getParentType()?.name ?? ''),
      },
    }),
  );
  return { kind: Kind.DOCUMENT, definitions: [...definitions, ...fragments] };
}

/** Each selection once as it is, and once more in an inline fragment. */
const inlined = (document: DocumentNode): DocumentNode =>
  visit(document, {
    SelectionSet: {
      leave: (node) => ({
        ...node,
        selections: [...node.selections, { kind: Kind.INLINE_FRAGMENT, selectionSet: node } as const],
      }),
    },
  });

/** Each field under another name. */
const withAliases = (document: DocumentNode): DocumentNode =>
  visit(document, {
    Field: (node: FieldNode) => ({
      ...node,
      alias: { kind: Kind.NAME, value: `other_${(node.alias ?? node.name).value}` } as const,
    }),
  });

/** Each number a variable; what else stands in an argument stays. */
function withVariables(document: DocumentNode): Form {
  const variables: Record<string, unknown> = {};
  const moved = visit(document, {
    IntValue({ value }) {
      const name = `number${Object.keys(variables).length}`;
      variables[name] = Number(value);
      return { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } } as const;
    },
    OperationDefinition: {
      leave: (node: OperationDefinitionNode) => ({
        ...node,
        variableDefinitions: Object.keys(variables).map(
          (name) =>
            ({
              kind: Kind.VARIABLE_DEFINITION,
              variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } },
              type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: 'Int' } },
            }) as const,
        ),
      }),
    },
  });
  return { query: print(moved), variables };
}

/** The ways to write an operation that has neither fragments that are spread nor variables. */
export function formsOf(schema: GraphQLSchema, query: string): Readonly<Record<string, Form>> {
  const document = parse(query);
  const plain = (form: DocumentNode): Form => ({ query: print(form), variables: {} });
  return {
    asItIs: plain(document),
    inlined: plain(inlined(document)),
    withFragments: plain(withFragments(schema, document)),
    withAliases: plain(withAliases(document)),
    withVariables: withVariables(document),
  };
}

/** An operation without one of its fields: the one at this place, of those that do not stand alone. */
export function withoutField(query: string, place: number): string {
  const document = parse(query);
  const sets: { set: SelectionSetNode; at: number }[] = [];
  visit(document, {
    SelectionSet(set) {
      if (set.selections.length > 1) set.selections.forEach((_, at) => sets.push({ set, at }));
    },
  });
  const chosen = sets[place % Math.max(1, sets.length)];
  if (!chosen) return query;
  return print(
    visit(document, {
      SelectionSet: (set) =>
        set === chosen.set
          ? { ...set, selections: set.selections.filter((_, at) => at !== chosen.at) }
          : undefined,
    }),
  );
}

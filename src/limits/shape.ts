import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** How large an operation is once its fragments stand where they are spread. */
export interface Shape {
  /** Fields, spreads and inline fragments. */
  readonly selections: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly directives: number;
  /** How often one selection set answers under the same name: validation compares each of them with each other one. */
  readonly repetitions: number;
}

const NOTHING: Shape = { selections: 0, aliases: 0, rootFields: 0, directives: 0, repetitions: 0 };

function add(one: Shape, other: Shape): Shape {
  return {
    selections: one.selections + other.selections,
    aliases: one.aliases + other.aliases,
    rootFields: one.rootFields + other.rootFields,
    directives: one.directives + other.directives,
    repetitions: Math.max(one.repetitions, other.repetitions),
  };
}

/** Counts fields by the name that they answer under, those of inline fragments as if they stood there. */
function countNames({ selections }: SelectionSetNode, counts: Map<string, number>): Map<string, number> {
  for (const selection of selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) countNames(selection.selectionSet, counts);
    if (selection.kind !== Kind.FIELD) continue;
    const name = (selection.alias ?? selection.name).value;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/**
 * Measures the operations of a document that was parsed, and nothing more: it may spread fragments that do not exist, or that
 * spread themselves. Each fragment is measured once, so the time grows with the document and not with what it stands for.
 */
export function shapesOf({ definitions }: DocumentNode): readonly Shape[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of definitions)
    if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  const known = new Map<string, Shape>();

  /** Zero for one that is being measured: it spreads itself, which validation refuses. */
  const shapeOfFragment = (name: string): Shape => {
    const measured = known.get(name);
    if (measured !== undefined) return measured;
    const fragment = fragments.get(name);
    if (fragment === undefined) return NOTHING;
    known.set(name, NOTHING);
    const shape = add(shapeOfSet(fragment.selectionSet), {
      ...NOTHING,
      directives: fragment.directives?.length ?? 0,
    });
    known.set(name, shape);
    return shape;
  };

  /** `rootFields`: the fields of this very set. */
  const shapeOfSet = (set: SelectionSetNode): Shape => {
    let shape: Shape = { ...NOTHING, repetitions: Math.max(0, ...countNames(set, new Map()).values()) };
    for (const selection of set.selections) {
      const own = { ...NOTHING, selections: 1, directives: selection.directives?.length ?? 0 };
      shape = add(shape, own);
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        shape = add(shape, shapeOfFragment(selection.name.value));
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        shape = add(shape, shapeOfSet(selection.selectionSet));
      } else {
        const inner = selection.selectionSet ? shapeOfSet(selection.selectionSet) : NOTHING;
        shape = add(shape, { ...inner, rootFields: 1, aliases: inner.aliases + (selection.alias ? 1 : 0) });
      }
    }
    return shape;
  };

  const shapeOfOperation = ({
    selectionSet,
    directives,
    variableDefinitions,
  }: OperationDefinitionNode): Shape =>
    add(shapeOfSet(selectionSet), {
      ...NOTHING,
      directives:
        (directives?.length ?? 0) +
        (variableDefinitions ?? []).reduce((sum, { directives: own }) => sum + (own?.length ?? 0), 0),
    });

  return definitions.flatMap((one) =>
    one.kind === Kind.OPERATION_DEFINITION ? [shapeOfOperation(one)] : [],
  );
}

import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  getOperationAST,
  Kind,
  print,
  visit,
} from 'graphql';

/** A subscription that passed every check of the one execution path. */
export interface Subscription {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  /** As the client sent them. */
  readonly variableValues: Readonly<Record<string, unknown>>;
  /** The cursor to go on from, when the client told a newer one than the document's. */
  readonly after?: string | undefined;
  /** Points that one of its answers may cost. */
  readonly cost: number;
}

/** A document as far as the answers to it go: without the place from which a client resumes. */
interface Normal {
  readonly text: string;
  /** The variables that the answers depend on. */
  readonly variables: readonly string[];
}

const normals = new WeakMap<DocumentNode, Map<string | undefined, Normal>>();

const isResumption = (node: ArgumentNode, root: FieldNode | undefined): boolean =>
  node.name.value === 'after' && root?.arguments?.includes(node) === true;

/** The root field; undefined when it stands in a fragment, and then its arguments are taken as they are. */
function rootOf(document: DocumentNode, operationName: string | undefined): FieldNode | undefined {
  const [root] = getOperationAST(document, operationName)?.selectionSet.selections ?? [];
  return root?.kind === Kind.FIELD ? root : undefined;
}

function normalise(document: DocumentNode, operationName: string | undefined): Normal {
  const root = rootOf(document, operationName);
  const variables = new Set<string>();
  const answered = visit(document, {
    Argument: (node) => (isResumption(node, root) ? null : undefined),
  });
  visit(answered, {
    VariableDefinition: () => false,
    Variable: (node) => void variables.add(node.name.value),
  });
  // A cursor in a variable or in the document: what is left is the same.
  const normal = visit(answered, {
    VariableDefinition: ({ variable }) => (variables.has(variable.name.value) ? false : null),
  });
  return { text: print(normal), variables: [...variables].toSorted() };
}

/**
 * What subscriptions have in common that are answered alike to viewers of one class: the same document, operation and
 * variables, but for the place from which each resumes.
 */
export function keyOf({ document, operationName, variableValues }: Subscription): string {
  let byName = normals.get(document);
  if (byName === undefined) normals.set(document, (byName = new Map<string | undefined, Normal>()));
  let normal = byName.get(operationName);
  if (normal === undefined) byName.set(operationName, (normal = normalise(document, operationName)));
  return JSON.stringify([
    normal.text,
    operationName ?? null,
    // One that is left out may have a default, and null is another thing.
    normal.variables.map((name) => (Object.hasOwn(variableValues, name) ? [variableValues[name]] : [])),
  ]);
}

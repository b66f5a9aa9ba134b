import {
  type DocumentNode,
  type GraphQLSchema,
  isAbstractType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** The names of the fields that a document asks for, of each type. What a condition leaves out counts as well. */
export type AskedFields = ReadonlyMap<string, ReadonlySet<string>>;

/** What an operation asks for, as far as that is known; then nothing else has to be read. */
export interface Asked {
  fields: AskedFields | undefined;
}

/** Whether an operation asks for one of these fields of a type. When nobody knows, it may. */
export function asksFor({ fields }: Asked, type: string, names: readonly string[]): boolean {
  const asked = fields?.get(type);
  return fields === undefined || (asked !== undefined && names.some((name) => asked.has(name)));
}

/** Whether all that an operation asks for of a type is among these fields. */
export function asksOnlyFor({ fields }: Asked, type: string, names: ReadonlySet<string>): boolean {
  if (fields === undefined) return false;
  for (const name of fields.get(type) ?? []) if (!names.has(name)) return false;
  return true;
}

/** Reads documents of a schema; each once, as long as it is kept. A field of an interface is one of each type that has it. */
export function createAskedFields(schema: GraphQLSchema): (document: DocumentNode) => AskedFields {
  const known = new WeakMap<DocumentNode, AskedFields>();
  const read = (document: DocumentNode): AskedFields => {
    const asked = new Map<string, Set<string>>();
    const add = (type: string, name: string): void => {
      const names = asked.get(type);
      if (names === undefined) asked.set(type, new Set([name]));
      else names.add(name);
    };
    const types = new TypeInfo(schema);
    const enterField = ({ name }: { readonly name: { readonly value: string } }): void => {
      const parent = types.getParentType();
      if (!parent) return;
      const owners = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent];
      for (const owner of owners) add(owner.name, name.value);
    };
    visit(document, visitWithTypeInfo(types, { Field: enterField }));
    return asked;
  };
  return (document) => {
    let asked = known.get(document);
    if (asked === undefined) known.set(document, (asked = read(document)));
    return asked;
  };
}

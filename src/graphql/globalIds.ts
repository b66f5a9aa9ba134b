/** The first byte of an id says what it is. Never change or reuse a number: clients keep ids. */
const TYPE_BYTES = {
  User: 1,
  Tag: 2,
  Post: 3,
  Comment: 4,
  Coverage: 5,
  CoverageEntry: 6,
  ApiToken: 7,
  AuditEntry: 8,
} as const;

/** The types whose objects have ids. */
export type IdType = keyof typeof TYPE_BYTES;

/** Those of them that implement Node. */
export type NodeType = Exclude<IdType, 'ApiToken' | 'AuditEntry'>;

export const isNode = (type: IdType): type is NodeType => type !== 'ApiToken' && type !== 'AuditEntry';

const TYPES = new Map<number, IdType>(
  Object.entries(TYPE_BYTES).map(([type, byte]) => [byte, type as IdType]),
);

/** The opaque id of an object: its type and its key, 23 characters. It carries no right: whoever holds it is asked again. */
export function encodeId(type: IdType, uuid: string): string {
  return Buffer.from(
    `${TYPE_BYTES[type].toString(16).padStart(2, '0')}${uuid.replaceAll('-', '')}`,
    'hex',
  ).toString('base64url');
}

/** What an id stands for; undefined when it is not one of ours. */
export function decodeId(id: string): { type: IdType; uuid: string } | undefined {
  const bytes = Buffer.from(id, 'base64url');
  const type = TYPES.get(bytes[0] ?? 0);
  if (type === undefined || bytes.length !== 17 || bytes.toString('base64url') !== id) return undefined;
  const uuid = bytes.toString('hex', 1).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { type, uuid };
}

/**
 * What `load` finds for an id of this type. An id of another type, or none of ours, finds nothing: what does not exist
 * and what may not be seen answer the same.
 */
export async function idOf<Row>(
  type: IdType,
  id: string,
  load: (uuid: string) => Promise<Row | null>,
): Promise<Row | null> {
  const decoded = decodeId(id);
  return decoded?.type === type ? load(decoded.uuid) : null;
}

import { decodeId } from '../../src/graphql/globalIds.js';

/** Our id behind an id of the API. */
export function uuidOf(id: string): string {
  const decoded = decodeId(id);
  if (decoded === undefined) throw new Error(`${id} is no id.`);
  return decoded.uuid;
}

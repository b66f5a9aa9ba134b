import { printSchema } from 'graphql';
import { createSchema } from '../../schema.js';

/** `tidings schema`: the SDL on stdout, for code generators and registries. Needs neither settings nor a database. */
export function schemaCommand(): void {
  console.log(printSchema(createSchema()));
}

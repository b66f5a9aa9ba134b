import { printSchemaWithDirectives } from '@graphql-tools/utils';

/**
 * Codegen plugin: the whole SDL as a module, so that a build needs no files beside its code. JavaScript, because
 * graphql-codegen loads plugins without a TypeScript loader.
 *
 * @param {import('graphql').GraphQLSchema} schema
 */
export const plugin = (schema) =>
  `/** The schema of schema/*.graphql. */\nexport const typeDefs = /* GraphQL */ ${JSON.stringify(printSchemaWithDirectives(schema))};\n`;

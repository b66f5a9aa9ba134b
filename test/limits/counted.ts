import { getOperationAST, getVariableValues, type GraphQLSchema, parse } from 'graphql';
import { createCount } from '../../src/limits/cost/actual.js';
import { estimate } from '../../src/limits/cost/estimate.js';
import { mergeOperation } from '../../src/limits/cost/merged.js';
import { createTariff } from '../../src/limits/cost/tariff.js';
import type { Form } from './costForms.js';

/** Points by what was answered, however many: without the bound that the estimate is. */
export function counted(schema: GraphQLSchema, { query, variables }: Form, data: unknown): number {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('There is no operation.');
  const tariff = createTariff(schema);
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], { ...variables });
  if (!coerced) throw new Error('The variables do not fit.');
  const merged = mergeOperation(schema, { document, operation, variableValues: coerced });
  const count = createCount(tariff, merged, estimate(schema, tariff, merged, { sent: variables, coerced }));
  // Sums of tenths are not quite what they should be.
  return Number(count(data).toFixed(6));
}

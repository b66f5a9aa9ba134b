import type { CohortOptions, CohortTools } from './cohorts/cohort.js';
import { createEventCohort } from './cohorts/events.js';
import { createValueCohort } from './cohorts/values.js';
import type { OpenedSource } from './source.js';
import type { Cohort } from './stream.js';

/** A cohort of any source. @param position up to which its streams were answered; of no meaning to a value. */
export const createCohort = (
  { source, ...options }: CohortOptions<OpenedSource>,
  position: number,
  tools: CohortTools,
): Cohort =>
  source.kind === 'events'
    ? createEventCohort({ ...options, source }, position, tools)
    : createValueCohort({ ...options, source }, tools);

const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt ]([01]\d|2[0-3]):\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

/**
 * Reads an RFC 3339 moment, to the millisecond. Undefined when it is none, when there is no such day (30 February), or
 * outside of the years 1 to 9999, which is what both PostgreSQL and the format can say.
 */
export function parseMoment(text: string): Date | undefined {
  if (!RFC_3339.test(text)) return undefined;
  const moment = new Date(text.toUpperCase().replace(' ', 'T'));
  const year = moment.getUTCFullYear();
  if (Number.isNaN(moment.getTime()) || year < 1 || year > 9999) return undefined;
  // Date accepts 30 February as 2 March.
  const day = Number(text.slice(8, 10));
  return day <= new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate()
    ? moment
    : undefined;
}

/** A moment in UTC, with milliseconds: `2026-11-22T18:30:00.000Z`. */
export const formatMoment = (moment: Date): string => moment.toISOString();

/**
 * What `work` comes to, or `otherwise` when it takes longer. The work goes on unheard.
 *
 * @param milliseconds how long to wait.
 */
export const within = <Result>(
  milliseconds: number,
  work: Promise<Result>,
  otherwise: Result,
): Promise<Result> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(otherwise), milliseconds);
    work.then(
      (result) => {
        clearTimeout(timer);
        return resolve(result);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });

import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { parseMoment } from '../../lib/time.js';
import { language, problemOf } from './records.js';

const DATE =
  /^(?<day>\d{4}-\d{2}-\d{2})(?:[Tt ](?<minute>\d{2}:\d{2})(?<second>:\d{2}(?:\.\d+)?)? ?(?<zone>[Zz]|[+-]\d{2}:?\d{2})?)?$/;

/** A day (its beginning), or a moment as blogs write it; UTC unless it says otherwise. Undefined when it is neither. */
function readDate(text: string): Date | undefined {
  const { day, minute = '00:00', second = ':00', zone = 'Z' } = DATE.exec(text)?.groups ?? {};
  return parseMoment(`${day}T${minute}${second}${zone.replace(/^(...)(\d\d)$/, '$1:$2')}`);
}

// An empty value, and YAML's words for none.
const ABSENT = /^(?:~|null|Null|NULL|)$/;

const oneLine = z
  .string()
  .nullish()
  .transform((text) => {
    const trimmed = text?.trim() ?? '';
    return ABSENT.test(trimmed) ? undefined : trimmed;
  });

const lines = z
  .union([z.string(), z.array(z.string()).max(100)])
  .nullish()
  .transform((value) =>
    [value ?? []]
      .flat()
      .map((text) => text.trim())
      .filter((text) => !ABSENT.test(text)),
  );

const people = lines.pipe(z.array(z.string().max(200)));

const frontMatter = z.object({
  title: oneLine,
  summary: oneLine,
  description: oneLine,
  date: oneLine.transform((text, context) => {
    const date = text === undefined ? undefined : readDate(text);
    if (text !== undefined && date === undefined) {
      context.addIssue({
        code: 'custom',
        message: `"${text}" is neither a day (2026-11-22) nor an RFC 3339 moment`,
      });
    }
    return date;
  }),
  author: people,
  authors: people,
  tags: lines,
  lang: oneLine.pipe(language.default('en')),
  draft: oneLine.pipe(
    z
      .enum(['true', 'false'], 'is neither true nor false')
      .default('false')
      .transform((text) => text === 'true'),
  ),
  slug: oneLine,
});

/** What is wrong with an article, and in which line. */
export class ArticleProblem extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** The front matter of an article. */
export function parseFrontMatter(text: string): z.output<typeof frontMatter> {
  const counter = new LineCounter();
  // Everything is text: a title may be 1984, a version 1.10, and a tag `no`.
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: counter });
  // The fence is the first line.
  const lineAt = (offset: number | undefined) =>
    offset === undefined ? 1 : counter.linePos(offset).line + 1;
  const [yamlError] = document.errors;
  if (yamlError !== undefined) {
    throw new ArticleProblem(
      lineAt(yamlError.pos[0]),
      `front matter: ${(yamlError.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')}`,
    );
  }
  const result = frontMatter.safeParse(document.toJS() ?? {});
  if (result.success) return result.data;

  const key = result.error.issues[0]?.path[0];
  const node = isMap(document.contents)
    ? document.contents.items.find((item) => isScalar(item.key) && item.key.value === key)?.key
    : undefined;
  throw new ArticleProblem(
    lineAt(isScalar(node) ? node.range?.[0] : undefined),
    `front matter: ${problemOf(result.error)}`,
  );
}

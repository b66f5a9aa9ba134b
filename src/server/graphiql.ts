import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';

/** GraphiQL as one page that loads nothing from anywhere, compressed. */
export interface GraphiqlPage {
  readonly gzipped: Buffer;
  readonly etag: string;
  /** Content-Security-Policy: whatever a pasted query or a title holds, the page talks to this host only. */
  readonly policy: string;
}

const POLICY = [
  "default-src 'none'",
  "connect-src 'self'",
  "script-src 'unsafe-inline' 'unsafe-eval' blob:",
  'worker-src blob:',
  "style-src 'unsafe-inline'",
  'font-src data:',
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TABS = [
  `# Welcome to Tidings: one endpoint, typed and live.
# Press Ctrl-Enter to run, open the book on the left for the documentation of every field.
# The next tabs show a thread and a coverage.

query PageOfPosts {
  posts(first: 10) {
    totalCount
    nodes {
      title
      language
      publishedAt
      excerpt(length: 120)
      authors { name }
      tags { name }
      commentCount
    }
    pageInfo { hasNextPage endCursor }
  }
}
`,
  `# The newest discussed posts, each with the beginning of its threads.

query Thread {
  posts(first: 5) {
    nodes {
      title
      commentCount
      comments(first: 3) {
        totalCount
        nodes {
          ...CommentParts
          replies(first: 2) {
            nodes {
              ...CommentParts
              replies(first: 2) { nodes { ...CommentParts } }
            }
          }
        }
      }
    }
  }
}

fragment CommentParts on Comment {
  author { name }
  createdAt
  body
  replyCount
}
`,
  `# A live coverage: its key entries, and how it ended.

query Coverage {
  posts(first: 1, filter: { hasCoverage: true }) {
    nodes {
      title
      coverage {
        status
        entryCount
        keyEntries: entries(first: 10, keyOnly: true) { nodes { occurredAt speaker body } }
        latest: entries(last: 5) { nodes { occurredAt speaker body } }
      }
    }
  }
}
`,
];

let rendered: Promise<GraphiqlPage> | undefined;

/** Renders and compresses once, when the first explorer comes: 9 MB of editor are not worth a slower start. */
export function graphiqlPage(): Promise<GraphiqlPage> {
  rendered ??= (async () => {
    const html = renderGraphiQL({
      title: 'Tidings · GraphiQL',
      endpoint: '/graphql',
      defaultTabs: TABS.map((query) => ({ query })),
      defaultEditorToolsVisibility: 'variables',
      shouldPersistHeaders: false,
      headers: '{}',
    });
    const gzipped = await promisify(gzip)(html);
    const etag = `"${createHash('sha256').update(gzipped).digest('base64url').slice(0, 16)}"`;
    return { gzipped, etag, policy: POLICY };
  })();
  return rendered;
}

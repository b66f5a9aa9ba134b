import { encodeId } from '../graphql/globalIds.js';
import { DEMO_REPLAY_POST_ID } from '../lib/replayIds.js';

/**
 * What an explorer finds in the tabs of GraphiQL: each runs as it is on any publication, is named after its operation,
 * and is laid out as GraphiQL's own "prettify" would.
 */
export const GRAPHIQL_TABS: readonly string[] = [
  `# Welcome to Tidings: one endpoint, everything typed.
#
#   Run this      the pink button, or Ctrl-Enter
#   Read about it the book on the left
#   Look further  the next tabs: a thread, a coverage,
#                 what happens now, an account

query PageOfPosts {
  posts(first: 10) {
    totalCount
    nodes {
      title
      language
      publishedAt
      excerpt(length: 120)
      authors {
        name
      }
      tags {
        name
      }
      commentCount
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
  `# The newest posts and the beginning of their
# threads, all in one request.

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
              replies(first: 2) {
                nodes {
                  ...CommentParts
                }
              }
            }
          }
        }
      }
    }
  }
}

fragment CommentParts on Comment {
  author {
    name
  }
  createdAt
  body
  replyCount
}
`,
  `# A live coverage: the moments that sum it up,
# and how it ended.

query Coverage {
  posts(first: 1, filter: { hasCoverage: true }) {
    nodes {
      title
      coverage {
        status
        entryCount
        keyEntries: entries(first: 10, keyOnly: true) {
          nodes {
            ...EntryParts
          }
        }
        latest: entries(last: 5) {
          nodes {
            ...EntryParts
          }
        }
      }
    }
  }
}

fragment EntryParts on CoverageEntry {
  occurredAt
  speaker
  body
}
`,
  `# Live: press the button, and what is published or
# changed from now on appears on the right, until
# you press it again. Nothing happens? In a terminal,
#
#   npm run tidings -- replay --coverage \\
#     harbour-regatta-final-race-live
#
# plays the regatta of the demo publication as if it
# happened now, in a minute and a half.

subscription Live {
  postPublished {
    type
    occurredAt
    post {
      id
      title
      coverage {
        status
        entryCount
      }
    }
  }
}

# Entry by entry it is told by this one. Any other
# replay prints its own when it begins.
#
# subscription Regatta {
#   coverageChanged(postId: "${encodeId('Post', DEMO_REPLAY_POST_ID)}") {
#     type
#     entry { occurredAt speaker body }
#   }
# }
`,
  `# Writing begins with an account. Run this, and
# put the token into the tab Headers below:
#
#   { "authorization": "Bearer <token>" }
#
# From then on you are somebody. The book on the
# left has all mutations, and whom each is for.

mutation SignUp {
  signUp(
    input: {
      email: "you@example.org"
      username: "you"
      password: "a sentence nobody guesses"
    }
  ) {
    session {
      accessToken
      expiresAt
    }
    viewer {
      username
      role
    }
    userErrors {
      code
      message
      field
    }
  }
}
`,
];

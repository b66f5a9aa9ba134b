/** The names of all topics. Each is one ordered stream of changes; ids are UUIDs. */
export const topicOf = {
  /** Posts that come to the readers, change before their eyes, and go. */
  posts: () => 'posts',
  /** Everything about one post, drafts included. */
  post: (postId: string) => `post:${postId}`,
  /** The comments of a post, of every depth. It also hears, as the next two do, that the post is public no more. */
  comments: (postId: string) => `post:${postId}:comments`,
  /** The coverage of a post and its entries. */
  coverage: (postId: string) => `post:${postId}:coverage`,
  /** The reactions to a post, a comment or an entry. */
  reactions: (subjectId: string) => `reactions:${subjectId}`,
  /** What concerns one account: its sessions, role, follows and bookmarks. */
  user: (userId: string) => `user:${userId}`,
  /** What waits for moderators. */
  moderation: () => 'moderation',
  /** What takes rights away from open connections, whosever they are; the topics of the users have it too. */
  access: () => 'access',
} as const;

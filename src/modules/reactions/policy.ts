import type { Viewer } from '../../auth/viewer.js';
import { seesComment, sightOf } from '../comments/public.js';
import { mayReadEntry } from '../coverage/public.js';
import { mayReadPost } from '../posts/public.js';

type PostFacts = Parameters<typeof mayReadPost>[1];

/** What decides who sees a subject: the facts of its post, and its own. */
export type SubjectFacts =
  | (PostFacts & { readonly type: 'Post' })
  | (PostFacts & Parameters<typeof seesComment>[1] & { readonly type: 'Comment' })
  | (PostFacts & Parameters<typeof mayReadEntry>[1] & { readonly type: 'CoverageEntry' });

/** Whether a viewer sees what they want to react to. */
export function seesSubject(viewer: Viewer, subject: SubjectFacts): boolean {
  if (!mayReadPost(viewer, subject)) return false;
  if (subject.type === 'Comment') return seesComment(sightOf(viewer), subject);
  return subject.type === 'Post' || mayReadEntry(viewer, subject);
}

/** Whether readers see it: nobody reacts to a draft, to what waits, and to what was hidden, deleted or retracted. */
export function isPublic(subject: SubjectFacts): boolean {
  if (subject.status !== 'PUBLISHED') return false;
  if (subject.type === 'Comment') return subject.state === 'VISIBLE';
  return subject.type === 'Post' || subject.retractedAt === null;
}

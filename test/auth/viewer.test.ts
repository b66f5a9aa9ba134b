import { describe, expect, it } from 'vitest';
import { ANONYMOUS, classOf, representativeOf, type SignedInViewer } from '../../src/auth/viewer.js';

const viewer: SignedInViewer = {
  userId: '0199e1a0-0000-7000-8000-000000000001',
  role: 'READER',
  sessionId: '0199e1a0-0000-7000-8000-000000000002',
  scopes: 'ALL',
};

describe('the class of a viewer', () => {
  it('is that of everybody with the same role and scopes, whoever speaks for them', () => {
    expect(classOf({ ...viewer, userId: 'another', sessionId: null })).toBe(classOf(viewer));
    expect(classOf({ ...viewer, scopes: ['PUBLISH', 'MODERATE', 'PUBLISH'] })).toBe(
      classOf({ ...viewer, scopes: ['MODERATE', 'PUBLISH'] }),
    );
    expect(classOf(ANONYMOUS)).toBe('anonymous');
  });

  it('is another one for another role, and for other scopes', () => {
    const classes = [
      ANONYMOUS,
      viewer,
      { ...viewer, role: 'AUTHOR' as const },
      { ...viewer, scopes: [] },
      { ...viewer, scopes: ['MODERATE'] as const },
      { ...viewer, scopes: ['MODERATE', 'PUBLISH', 'PARTICIPATE', 'ADMINISTER'] as const },
    ].map(classOf);
    expect(new Set(classes).size).toBe(classes.length);
  });

  it('has a representative who is of the class and is nobody', () => {
    const one = representativeOf(viewer);
    expect(classOf(one)).toBe(classOf(viewer));
    expect(one).toEqual({ ...viewer, userId: '00000000-0000-0000-0000-000000000000', sessionId: null });
    expect(representativeOf(ANONYMOUS)).toBe(ANONYMOUS);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CaseAction,
  type CaseState,
  type CaseStatus,
  caseStatuses,
  identityStates,
  isClosed,
  requestTypes,
  statusAfter,
} from '../../../shared/rights-requests/case-rules.ts';

const now = new Date('2026-12-01T10:00:00.000Z');
const state = (status: CaseStatus, more: Partial<CaseState> = {}): CaseState => ({
  status,
  requestType: 'access',
  identity: { state: 'not-needed' },
  dueAt: '2026-12-28T22:59:59.999Z',
  ...more,
});

/** From where each action may be taken, with identity out of the question, and where it leads. */
const allowed: Readonly<Record<CaseAction, Partial<Record<CaseStatus, CaseStatus>>>> = {
  confirm: { 'awaiting-confirmation': 'in-review' },
  cancel: { 'awaiting-confirmation': 'cancelled', 'awaiting-identity': 'cancelled', 'in-review': 'cancelled' },
  write: {
    'awaiting-identity': 'awaiting-identity',
    'in-review': 'in-review',
    approved: 'approved',
    executing: 'executing',
    completed: 'completed',
    rejected: 'rejected',
  },
  'supply-identity': {},
  assign: {
    'awaiting-identity': 'awaiting-identity',
    'in-review': 'in-review',
    approved: 'approved',
    executing: 'executing',
  },
  annotate: Object.fromEntries(caseStatuses.map((status) => [status, status])),
  'request-identity': { 'in-review': 'awaiting-identity' },
  'decide-identity': { 'awaiting-identity': 'in-review', 'in-review': 'in-review' },
  extend: {
    'awaiting-identity': 'awaiting-identity',
    'in-review': 'in-review',
    approved: 'approved',
    executing: 'executing',
  },
  approve: { 'in-review': 'approved' },
  reject: { 'in-review': 'rejected', 'awaiting-identity': 'rejected' },
  begin: { approved: 'executing' },
  complete: { approved: 'completed', executing: 'completed' },
  'cancel-by-erasure': {
    'awaiting-confirmation': 'cancelled',
    'awaiting-identity': 'cancelled',
    'in-review': 'cancelled',
    approved: 'cancelled',
    executing: 'cancelled',
  },
};
const actions = Object.keys(allowed) as CaseAction[];

describe('the state machine', () => {
  it.each(actions)('allows "%s" exactly where it is declared', (action) => {
    for (const status of caseStatuses)
      expect({ status, after: statusAfter(state(status), action, now) }).toEqual({
        status,
        after: allowed[action][status],
      });
  });

  it('never approves somebody who could be somebody else', () => {
    const approvable = identityStates.filter((identity) =>
      statusAfter(state('in-review', { identity: { state: identity } }), 'approve', now),
    );
    expect(approvable).toEqual(['not-needed', 'verified']);
    for (const status of caseStatuses.filter((candidate) => candidate !== 'in-review'))
      expect(statusAfter(state(status, { identity: { state: 'verified' } }), 'approve', now)).toBeUndefined();
  });

  it('takes identity documents only when they were asked for, and until somebody has decided', () => {
    const taking = identityStates.filter((identity) =>
      statusAfter(state('in-review', { identity: { state: identity } }), 'supply-identity', now),
    );
    expect(taking).toEqual(['awaiting', 'supplied']);
  });

  it('extends once, inside the first month', () => {
    expect(statusAfter(state('in-review'), 'extend', new Date('2026-12-28T22:59:59.999Z'))).toBe('in-review');
    expect(statusAfter(state('in-review'), 'extend', new Date('2026-12-28T23:00:00.000Z'))).toBeUndefined();
    const extended = state('in-review', { extendedDueAt: '2027-02-25T22:59:59.999Z' });
    expect(statusAfter(extended, 'extend', now)).toBeUndefined();
  });

  it('never leaves a closed state, and never executes what nobody approved', () => {
    const anyState = fc.record({
      requestType: fc.constantFrom(...requestTypes),
      identity: fc.record({ state: fc.constantFrom(...identityStates) }),
    });
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...actions), { maxLength: 30 }), anyState, (tried, more) => {
        const taken: CaseAction[] = [];
        let status: CaseStatus = 'awaiting-confirmation';
        for (const action of tried) {
          const next: CaseStatus | undefined = statusAfter(state(status, more), action, now);
          if (next === undefined) continue;
          if (isClosed(status)) expect(next).toBe(status);
          if (next !== status) taken.push(action);
          status = next;
        }
        if (status === 'executing' || status === 'completed') {
          expect(taken).toContain('confirm');
          expect(taken).toContain('approve');
        }
      }),
    );
  });
});

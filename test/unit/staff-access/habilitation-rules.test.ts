import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grantFault, reviewDue, reviewState } from '../../../shared/staff-access/habilitation-rules.ts';
import { STAFF_ID } from '../../../shared/staff-access/staff-id.ts';

const fault = (expiresOn: string, today: string) =>
  grantFault({ staffId: 'a', expiresOn }, { staffId: 'b', roles: ['habilitation-admin'] }, today);

describe('C3 a habilitation', () => {
  it('lasts from today to whatever day it was granted for', () => {
    expect(fault('2026-11-24', '2026-11-24')).toBeUndefined();
    expect(fault('2099-12-31', '2026-11-24')).toBeUndefined();
    expect(fault('2026-11-23', '2026-11-24')).toBe('already-over');
  });

  it('is never granted to oneself by who could read by it, whatever else is wrong', () => {
    const toOneself = (...roles: Parameters<typeof grantFault>[1]['roles']) =>
      grantFault({ staffId: 'a', expiresOn: '1999-01-01' }, { staffId: 'a', roles }, '2026-11-24');
    expect(toOneself('habilitation-admin', 'dpo')).toBe('to-oneself');
    expect(toOneself('support', 'habilitation-admin')).toBe('to-oneself');
    expect(toOneself('habilitation-admin', 'auditor')).toBe('already-over');
  });

  it('is due for its review a year after it was granted', () => {
    expect(reviewDue('2026-11-24T09:00:00.000Z', new Date('2027-11-24T08:59:59.999Z'))).toBe(false);
    expect(reviewDue('2026-11-24T09:00:00.000Z', new Date('2027-11-24T09:00:00.000Z'))).toBe(true);
  });

  it('stands out in a review during its last thirty days, and afterwards', () => {
    expect(reviewState('2026-12-24', '2026-11-24')).toBe('ends-soon');
    expect(reviewState('2026-12-25', '2026-11-24')).toBe('in-force');
    expect(reviewState('2026-11-23', '2026-11-24')).toBe('ended');
  });

  it('is for an id that can be the id of a document', () => {
    for (const id of ['7b1f4c52-7a53-4f0e-9a3c-2f6d0b1c9e84', '-_AAbb99', 'first.last@corp.example', 'auth0|42'])
      expect(id).toMatch(STAFF_ID);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (id) => {
        if (STAFF_ID.test(id)) expect(id).not.toMatch(/[/\\?#\s%]|^\.{1,2}$/);
      }),
    );
  });
});

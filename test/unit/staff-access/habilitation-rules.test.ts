import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grantFault, reviewState, yearsLater } from '../../../shared/staff-access/habilitation-rules.ts';
import { STAFF_ID } from '../../../shared/staff-access/staff-id.ts';

const fault = (expiresOn: string, today: string) => grantFault({ staffId: 'a', expiresOn }, 'b', today);

describe('C3 a habilitation', () => {
  it('lasts from today to the same day next year', () => {
    expect(fault('2026-11-24', '2026-11-24')).toBeUndefined();
    expect(fault('2027-11-24', '2026-11-24')).toBeUndefined();
    expect(fault('2027-11-25', '2026-11-24')).toBe('too-long');
    expect(fault('2026-11-23', '2026-11-24')).toBe('already-over');
    expect(fault('2029-02-28', '2028-02-29')).toBeUndefined();
    expect(fault('2029-03-01', '2028-02-29')).toBe('too-long');
    expect(yearsLater('2027-02-28', 1)).toBe('2028-02-28');
  });

  it('is never granted to oneself, whatever else is wrong', () => {
    expect(grantFault({ staffId: 'a', expiresOn: '1999-01-01' }, 'a', '2026-11-24')).toBe('to-oneself');
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

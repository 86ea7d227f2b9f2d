import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowedActions, deathActions, standingOf } from '../../../shared/post-mortem/death-notice-rules.ts';
import { type Directives, directivesFaults, type WishedAction } from '../../../shared/post-mortem/directives-rules.ts';

const designee = { givenName: 'Ana', familyName: 'Łuk', email: 'Ana@family.example' };
const wishing = (...actions: WishedAction[]): Directives => ({
  kind: 'general',
  wishes: actions.map((action) => ({ scope: `all ${action}`, action, to: 'Ana' })),
  designee,
});

describe('G7 who may ask for what after a death', () => {
  it('the designated person carries out the directives, known by their e-mail', () => {
    const directives = wishing('erase');
    expect(standingOf({ relation: 'designee', email: ' ana@FAMILY.example' }, directives)).toBe('directives');
    expect(standingOf({ relation: 'designee', email: 'else@family.example' }, directives)).toBe('none');
    expect(standingOf({ relation: 'designee', email: designee.email }, undefined)).toBe('none');
  });

  it('heirs have their limited path where there are no directives, and are bound by those there are', () => {
    const heir = { relation: 'heir', email: 'heir@family.example' } as const;
    expect(allowedActions(standingOf(heir, undefined), undefined)).toEqual(['close', 'communicate', 'keep']);
    const directives = wishing('keep');
    expect(allowedActions(standingOf(heir, directives), directives)).toEqual(['keep']);
  });

  it('anybody else can only have the space kept on hold', () => {
    const other = { relation: 'other', email: designee.email } as const;
    const directives = wishing('erase');
    expect(allowedActions(standingOf(other, directives), directives)).toEqual(['keep']);
  });

  it('nothing is erased or handed over that directives do not wish', () => {
    const actions = fc.subarray(['keep', 'erase', 'communicate'] as const, { minLength: 1 });
    fc.assert(
      fc.property(actions, (wished) => {
        const directives = wishing(...wished);
        const allowed = allowedActions('directives', directives);
        expect(allowed.includes('erase')).toBe(wished.includes('erase'));
        expect(allowed.includes('communicate')).toBe(wished.includes('communicate'));
        expect(allowed.includes('close')).toBe(!wished.includes('keep'));
        expect(allowed.every((action) => deathActions.includes(action))).toBe(true);
      }),
    );
  });
});

describe('G7 directives can be carried out', () => {
  const faults = (directives: Directives, consent?: boolean) =>
    directivesFaults({ ...directives, consent }).map(({ path }) => path);

  it('only with a consent of their own', () => {
    expect(faults(wishing('erase'), true)).toEqual([]);
    expect(faults(wishing('erase'))).toEqual(['consent']);
    expect(faults(wishing('erase'), false)).toEqual(['consent']);
  });

  it('say whom to hand data to, and do not contradict themselves', () => {
    const orphan: Directives = { kind: 'particular', wishes: [{ scope: 'drafts', action: 'communicate' }] };
    expect(faults(orphan, true)).toEqual(['wishes.0.to']);
    expect(faults({ ...orphan, designee }, true)).toEqual([]);
    const torn: Directives = {
      kind: 'particular',
      wishes: [
        { scope: 'Drafts', action: 'erase' },
        { scope: ' drafts', action: 'keep' },
      ],
    };
    expect(faults(torn, true)).toEqual(['wishes.1.action']);
  });
});

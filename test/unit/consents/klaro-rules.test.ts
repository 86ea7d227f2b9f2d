import { describe, expect, it } from 'vitest';
import { klaroChoice, klaroConfig, klaroConfigId, readKlaroConfigId } from '../../../shared/consents/clients/index.ts';

const purposes = [
  { id: 'audience-measurement', title: 'Mesure', description: 'Compter.', consentRequired: true },
  { id: 'prospecting', title: 'Prospection', description: 'Offrir.', consentRequired: true },
  { id: 'session', title: 'Session', description: 'Rester connecté.', consentRequired: false },
];
const all = (isAllowed: boolean) => ({ 'audience-measurement': isAllowed, prospecting: isAllowed, session: true });

describe('H7 what klaro submits', () => {
  it.each(['show', 'script', 'load', '', 'constructor'])('"%s" is no act of a person', (type) => {
    expect(klaroChoice({ type, consents: all(true) }, purposes)).toBeUndefined();
  });

  it.each([
    ['accept', all(true), undefined, 'accept-all', { 'audience-measurement': 'granted', prospecting: 'granted' }],
    ['decline', all(false), undefined, 'refuse-all', { 'audience-measurement': 'denied', prospecting: 'denied' }],
    [
      'save',
      { ...all(false), prospecting: true },
      { prospecting: true },
      'choose',
      { 'audience-measurement': 'denied', prospecting: 'granted' },
    ],
    [
      'save',
      all(false),
      { prospecting: false },
      'withdraw',
      { 'audience-measurement': 'denied', prospecting: 'denied' },
    ],
    ['contextual-accept', { ...all(false), prospecting: true }, undefined, 'choose', { prospecting: 'granted' }],
  ])('"%s" becomes choices, the exempt purpose left out', (type, consents, changes, mechanism, choices) => {
    expect(klaroChoice({ type, consents, changes }, purposes)).toEqual({ choices, mechanism });
  });

  it('services that the notice does not know are nothing to record', () => {
    expect(klaroChoice({ type: 'accept', consents: { session: true, unheard: true } }, purposes)).toBeUndefined();
    expect(klaroChoice({ type: 'accept', consents: JSON.parse('{"__proto__": true}') }, purposes)).toBeUndefined();
  });
});

describe('H4 H7 the notice as a klaro configuration', () => {
  const config = klaroConfig({ noticeVersion: '2.1', purposes: { fr: purposes, en: purposes } }, 'default');

  it('asks about what needs consent, with nothing on before it is asked, and only tells what does not', () => {
    expect(config.services).toEqual([
      { name: 'audience-measurement', purposes: ['audience-measurement'], required: false, default: false },
      { name: 'prospecting', purposes: ['prospecting'], required: false, default: false },
      { name: 'session', purposes: ['session'], required: true, default: true },
    ]);
  });

  it('lets refuse as easily as accept', () => {
    expect(config).toMatchObject({ acceptAll: true, hideDeclineAll: false, mustConsent: false, default: false });
  });

  it('names its notice and its hash in its id, and reads only ids of that form', () => {
    const id = klaroConfigId('2.1', 'a'.repeat(64));
    expect(readKlaroConfigId(id)).toEqual({ noticeVersion: '2.1', configHash: 'a'.repeat(64) });
    for (const other of [undefined, '', 'klaro', `2.1:${'a'.repeat(63)}`, `2 1:${'a'.repeat(64)}`]) {
      expect(readKlaroConfigId(other)).toBeUndefined();
    }
  });
});

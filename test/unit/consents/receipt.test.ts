import { describe, expect, it } from 'vitest';
import { type ConsentDecision, decisionOn } from '../../../shared/consents/consent-record.ts';
import { receiptOf } from '../../../shared/consents/receipt.ts';
import { receiptDocument } from '../../../shared/consents/receipt-document.ts';
import { receiptPage } from '../../../shared/consents/receipt-page.ts';
import type { Answers, Choices } from '../../../shared/consents/rules.ts';
import type { ConsentId } from '../../../shared/platform/ids.ts';
import { consentPurposes } from '../../../shared/purposes/index.ts';
import { dpvTerms } from './dpv-terms.ts';

const controller = {
  name: 'Assistance « A & B » <SAS>',
  legalForm: 'SAS',
  shareCapital: '5 316 384 EUR',
  headOffice: '1 promenade de la Bonnette, 92230 Gennevilliers',
  registration: 'RCS Nanterre 403 147 903',
  dpo: { email: 'dpo@extranet.example', postalAddress: 'DPO, 92230 Gennevilliers' },
};
const proof = {
  noticeVersion: '1.0',
  noticeSha256: 'ab'.repeat(32),
  noticeLanguage: 'fr',
  language: 'fr',
  mechanism: 'accept-all',
  client: { name: 'tarteaucitron', version: '1.34.0', configHash: 'sha256-x' },
} as const;
const start = new Date('2026-11-23T09:15:00.000Z');

interface Told {
  readonly decision: ConsentDecision;
  readonly choices: Choices;
}
/** The record after a series of answers, a month apart; `told` is the decision at `index`. */
function story(series: readonly Answers[], index = series.length - 1): Told {
  let state: { latest: number; choices: Choices } = { latest: 0, choices: {} };
  const decisions = series.map((answers, month) => {
    const id = `cns_${'p'.repeat(22)}${String(month).padStart(22, '0')}` as ConsentId;
    const now = new Date(start.getTime() + month * 30 * 86_400_000);
    const result = decisionOn(state, { id, answers, proof, signals: { gpc: month > 0 } }, now);
    state = result.state;
    return result.decision;
  });
  return { decision: decisions[index] as ConsentDecision, choices: state.choices };
}
const settings = {
  controller,
  publicUrl: 'https://api.extranet.example',
  siteUrl: 'https://extranet.example',
  purposes: consentPurposes,
  language: 'fr' as const,
};
const receipt = (told: Told, now = start) => receiptOf({ ...told, principal: 'p'.repeat(22) }, settings, now);
const statuses = (told: Told, now?: Date) =>
  receipt(told, now).purposes.flatMap(({ events }) => events.map(({ status }) => status));

/** Every IRI of a document: its keys, types, references and value types, with prefixes written out. */
function irisOf(document: ReturnType<typeof receiptDocument>): readonly string[] {
  const prefixes = document['@context'] as Record<string, string>;
  const expanded = (name: string) => {
    const [prefix = '', ...rest] = name.split(':');
    const namespace = prefixes[prefix];
    return namespace && rest.length > 0 ? [`${namespace}${rest.join(':')}`] : [];
  };
  const walk = (value: unknown): string[] => {
    if (Array.isArray(value)) return value.flatMap(walk);
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => {
      if (key === '@context') return [];
      const here = key.startsWith('@') ? [] : expanded(key);
      const named = ['@type', '@id'].includes(key) ? [inner].flat().flatMap((name) => expanded(String(name))) : [];
      return [...here, ...named, ...walk(inner)];
    });
  };
  return walk(document);
}

describe('G8 H7 the receipt of a decision', () => {
  const cases = {
    given: story([{ prospecting: 'granted', 'audience-measurement': 'granted' }]),
    refused: story([{ prospecting: 'denied', personalisation: 'denied', 'content-suggestions': 'denied' }]),
    withdrawn: story([{ prospecting: 'granted' }, { prospecting: 'denied' }]),
    renewed: story([{ prospecting: 'granted' }, { prospecting: 'granted' }]),
    'withdrawn later': story([{ prospecting: 'granted' }, { prospecting: 'denied' }], 0),
  };
  const end = new Date('2028-03-01T00:00:00.000Z');

  it('tells what the decision did, and what has happened to it since', () => {
    expect(statuses(cases.given)).toEqual(['ConsentGiven', 'ConsentGiven']);
    expect(statuses(cases.refused)).toEqual(['ConsentRefused', 'ConsentRefused', 'ConsentRefused']);
    expect(statuses(cases.withdrawn)).toEqual(['ConsentWithdrawn']);
    expect(statuses(cases.renewed)).toEqual(['RenewedConsentGiven']);
    expect(statuses(cases['withdrawn later'])).toEqual(['ConsentGiven', 'ConsentWithdrawn']);
  });

  it('at its end it says only that the consent has ended', () => {
    for (const told of Object.values(cases)) expect(new Set(statuses(told, end))).toEqual(new Set(['ConsentExpired']));
    const expiry = new Date(cases.given.decision.endsAt);
    expect(statuses(cases.given, new Date(expiry.getTime() - 1))).not.toContain('ConsentExpired');
    expect(statuses(cases.given, expiry)).toContain('ConsentExpired');
  });

  it('uses no DPV term that version 2.3 does not have', () => {
    for (const told of Object.values(cases)) {
      for (const now of [start, end]) {
        const iris = irisOf(receiptDocument(receipt(told, now))).filter((iri) => iri.startsWith('https://w3id.org/'));
        expect(iris.length).toBeGreaterThan(40);
        expect(iris.filter((iri) => !dpvTerms.has(iri))).toEqual([]);
      }
    }
  });

  it('holds what ISO/IEC TS 27560 makes mandatory', () => {
    const document = JSON.parse(JSON.stringify(receiptDocument(receipt(cases.given))));
    expect(document).toMatchObject({
      '@type': ['dpv:ConsentReceipt'],
      'dct:conformsTo': { '@id': 'dpv-27560:receipt-eu-gdpr' },
      'dct:language': 'fr',
      'dpv:hasIdentifier': cases.given.decision.id,
      'dpv:hasRecordOfActivity': { 'dct:conformsTo': { '@id': 'dpv-27560:record-eu-gdpr' } },
      'dpv:hasDataSubject': { 'dpv:hasIdentifier': 'p'.repeat(22) },
      'dpv:hasNotice': {
        'dpv:hasIdentifier': '1.0',
        'dct:identifier': `sha256:${'ab'.repeat(32)}`,
        'dct:language': 'fr',
      },
      'dpv:hasConsentControl': { '@type': ['dpv:WithdrawConsent'], 'dpv:isExercisedAt': 'https://extranet.example' },
    });
    expect(document['dpv:hasEntity'][0]).toMatchObject({
      '@type': ['dpv:DataController'],
      'dpv:hasName': controller.name,
      'dpv:hasAddress': controller.headOffice,
      'dpv:hasContact': controller.dpo.email,
    });
    for (const process of document['dpv:hasProcess']) {
      expect(process).toMatchObject({
        'dpv:hasLegalBasis': [{ '@id': 'eu-gdpr:A6-1-a' }],
        'dpv:hasJurisdiction': { '@id': 'loc:FR' },
        'dpv:hasApplicableLaw': { '@id': 'legal-eu:law-GDPR' },
      });
      for (const field of [
        'Purpose',
        'PersonalData',
        'DataController',
        'Recipient',
        'StorageCondition',
        'ConsentStatus',
      ])
        expect(process[`dpv:has${field}`].length).toBeGreaterThan(0);
      expect(process['dpv:hasConsentStatus'][0]).toMatchObject({
        'dpv:isIndicatedAtTime': { '@value': cases.given.decision.decidedAt },
        'dpv:isIndicatedBy': { '@id': '#principal' },
        'dpv:hasDuration': { 'rdf:value': { '@value': cases.given.decision.endsAt } },
      });
    }
  });

  it('is a page as well: in the reader’s language, without script, nothing unescaped', () => {
    const page = receiptPage({ ...receipt(cases.withdrawn), language: 'en' });
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).toContain('withdrawn');
    expect(page).toContain('Assistance « A &amp; B » &lt;SAS&gt;');
    expect(page).not.toMatch(/<script|src=|<SAS>/);
    expect(receiptPage(receipt(cases.given))).toContain('23 novembre 2026');
  });
});

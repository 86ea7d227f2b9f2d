import type { Language } from '../platform/language.ts';
import type { ConsentEvent, Receipt, ReceiptPurpose } from './receipt.ts';

/** The vocabularies that a receipt speaks, inline: none is published as a JSON-LD context. */
const context = {
  dpv: 'https://w3id.org/dpv#',
  pd: 'https://w3id.org/dpv/pd#',
  loc: 'https://w3id.org/dpv/loc#',
  'eu-gdpr': 'https://w3id.org/dpv/legal/eu/gdpr#',
  'legal-eu': 'https://w3id.org/dpv/legal/eu#',
  'legal-fr': 'https://w3id.org/dpv/legal/fr#',
  'dpv-27560': 'https://w3id.org/dpv/schema/dpv-27560#',
  dct: 'http://purl.org/dc/terms/',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
  skos: 'http://www.w3.org/2004/02/skos/core#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
} as const;

/** Our purposes in DPV's taxonomy; those that staff add are purposes and no more. */
const broaderPurposes: Readonly<Record<string, string>> = {
  'audience-measurement': 'dpv:ServiceUsageAnalytics',
  personalisation: 'dpv:ServicePersonalisation',
  'content-suggestions': 'dpv:ServicePersonalisation',
  prospecting: 'dpv:DirectMarketing',
};

/** Our categories in DPV's; the others are personal data and no more. */
const broaderData: Readonly<Record<string, string>> = {
  identity: 'pd:Profile',
  contact: 'pd:Tracking',
  preferences: 'pd:Internal',
  activity: 'pd:Historical',
};

const words = {
  fr: {
    withdraw: 'À tout moment par le module « Gestion des services », au pied de chaque page',
    signal: 'Le navigateur a envoyé le signal Global Privacy Control : opposition à la vente ou au partage',
  },
  en: {
    withdraw: 'At any time through the module « Gestion des services » at the foot of every page',
    signal: 'The browser sent the Global Privacy Control signal: an objection to selling or sharing',
  },
} as const satisfies Readonly<Record<Language, object>>;

const ref = (id: string) => ({ '@id': id });
const instant = (value: string) => ({ '@value': value, '@type': 'xsd:dateTime' });
const duration = (value: string) => ({ '@value': value, '@type': 'xsd:duration' });

/**
 * A receipt as JSON-LD: the information structure of ISO/IEC TS 27560:2023 in the terms of the W3C Data Privacy Vocabulary 2.3, as its guide
 * `dpv-27560` lays it out for the GDPR (profile `receipt-eu-gdpr`). Every DPV term here exists in version 2.3.
 */
export function receiptDocument(receipt: Receipt) {
  const { id, language, publicUrl, siteUrl, controller, proof } = receipt;
  const controllerId = `${publicUrl}/api/v1/controller`;
  const said = (value: string) => ({ '@value': value, '@language': language });

  const status = (event: ConsentEvent) => ({
    '@type': [`dpv:${event.status}`, ...(event.by === 'person' ? ['dpv:ExpressedConsent'] : [])],
    'dpv:isIndicatedAtTime': instant(event.at),
    'dpv:isIndicatedBy': ref(event.by === 'person' ? '#principal' : controllerId),
    'dpv:hasIndicationMethod': proof.mechanism,
    'dpv:isExercisedAt': siteUrl,
    ...(event.until === undefined
      ? {}
      : { 'dpv:hasDuration': { '@type': ['dpv:UntilTimeDuration'], 'rdf:value': instant(event.until) } }),
  });

  const process = (purpose: ReceiptPurpose) => ({
    '@type': ['dpv:Process'],
    'dpv:hasPurpose': [
      {
        '@type': ['dpv:Purpose'],
        'dct:identifier': purpose.id,
        'skos:broader': ref(broaderPurposes[purpose.id] ?? 'dpv:Purpose'),
        'skos:prefLabel': said(purpose.title),
        'skos:definition': said(purpose.description),
      },
    ],
    'dpv:hasPersonalData': purpose.categories.map((category) => ({
      '@type': ['dpv:PersonalData'],
      'skos:broader': ref(broaderData[category] ?? 'dpv:PersonalData'),
      'skos:prefLabel': category,
    })),
    'dpv:hasProcessing': [ref('dpv:Collect'), ref('dpv:Store'), ref('dpv:Use')],
    'dpv:hasDataSource': [ref('dpv:DataSubjectDataSource')],
    'dpv:hasDataController': [ref(controllerId)],
    'dpv:hasRecipient': [{ ...ref(controllerId), 'rdfs:comment': said(purpose.recipients) }],
    'dpv:hasStorageCondition': [
      { '@type': ['dpv:StorageLocation'], 'dpv:hasLocation': ref('loc:FR') },
      {
        '@type': ['dpv:StorageDuration'],
        'dpv:hasDuration': { '@type': ['dpv:TemporalDuration'], 'rdf:value': duration(purpose.retention) },
      },
    ],
    'dpv:hasLegalBasis': [ref('eu-gdpr:A6-1-a')],
    'dpv:hasJurisdiction': ref('loc:FR'),
    'dpv:hasApplicableLaw': ref('legal-eu:law-GDPR'),
    'dpv:hasRight': [ref('eu-gdpr:A7-3')],
    'dpv:hasConsentStatus': purpose.events.map(status),
  });

  const url = `${publicUrl}/api/v1/consents/${id}/receipt`;
  return {
    '@context': context,
    '@id': url,
    '@type': ['dpv:ConsentReceipt'],
    'dpv:hasIdentifier': id,
    'dct:conformsTo': ref('dpv-27560:receipt-eu-gdpr'),
    'dct:created': instant(receipt.decidedAt),
    'dct:creator': ref(controllerId),
    'dct:language': language,
    'dpv:hasRecordOfActivity': {
      '@id': `${url}#record`,
      '@type': ['dpv:ConsentRecord'],
      'dpv:hasIdentifier': id,
      'dct:conformsTo': ref('dpv-27560:record-eu-gdpr'),
      'dct:created': instant(receipt.decidedAt),
    },
    'dpv:hasDataSubject': {
      '@id': '#principal',
      '@type': ['dpv:DataSubject'],
      'dpv:hasIdentifier': receipt.principal,
    },
    'dpv:hasDataController': ref(controllerId),
    'dpv:hasEntity': [
      {
        '@id': controllerId,
        '@type': ['dpv:DataController'],
        'dpv:hasName': controller.name,
        'dpv:hasIdentifier': controller.registration,
        'dpv:hasAddress': controller.headOffice,
        'dpv:hasContact': controller.dpo.email,
        'dpv:hasDataProtectionOfficer': {
          '@type': ['dpv:DataProtectionOfficer'],
          'dpv:hasContact': controller.dpo.email,
          'dpv:hasAddress': controller.dpo.postalAddress,
        },
      },
      { '@id': 'legal-fr:DPA-FR', '@type': ['dpv:DataProtectionAuthority'], 'dpv:hasName': 'CNIL' },
    ],
    'dpv:hasAuthority': ref('legal-fr:DPA-FR'),
    'dpv:hasJurisdiction': ref('loc:FR'),
    'dpv:hasNotice': {
      '@id': `${publicUrl}/api/v1/legal-documents/cookie-notice/versions/${encodeURIComponent(proof.noticeVersion)}`,
      '@type': ['dpv:ConsentNotice'],
      'dpv:hasIdentifier': proof.noticeVersion,
      'dct:identifier': `sha256:${proof.noticeSha256}`,
      'dct:language': proof.noticeLanguage,
    },
    'dpv:hasConsentControl': {
      '@type': ['dpv:WithdrawConsent'],
      'dpv:isExercisedAt': siteUrl,
      'skos:prefLabel': said(words[language].withdraw),
    },
    ...(proof.client
      ? {
          'dct:provenance': `${proof.client.name} ${proof.client.version}, configuration ${proof.client.configHash}`,
        }
      : {}),
    ...(receipt.gpc ? { 'rdfs:comment': said(words[language].signal) } : {}),
    'dpv:hasProcess': receipt.purposes.map(process),
  };
}

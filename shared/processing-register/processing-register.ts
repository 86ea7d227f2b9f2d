import { type DataCategory, dataCategories, type PersonalDataSource } from '../personal-data/index.ts';
import type { Controller } from '../platform/config.ts';
import type { Language } from '../platform/language.ts';
import { charterPurposes, type LegalBasis, type Purpose, type ServicePurpose } from '../purposes/index.ts';
import { securityMeasures } from './security-measures.ts';

/** How long one set of data is kept, for a purpose that it serves. */
export interface RegisteredData {
  /** Id of the source in the inventory. */
  readonly source: string;
  readonly title: string;
  readonly category: DataCategory;
  readonly origin: PersonalDataSource['origin'];
  readonly recipients: string;
  readonly retention: string;
  readonly onErasure: {
    readonly kind: 'erase' | 'keep' | 'anonymise';
    readonly reason?: string;
    readonly legalReference?: string;
  };
}

/** One processing activity (GDPR art. 30(1)): a purpose with all that the inventory says is processed for it. */
export interface ProcessingActivity {
  readonly id: string;
  readonly purpose: string;
  readonly legalBasis: LegalBasis;
  readonly dataSubjects: string;
  readonly categories: readonly DataCategory[];
  readonly recipients: readonly string[];
  readonly data: readonly RegisteredData[];
  readonly transfers: string;
}

/** A country outside the EEA to which data have been disclosed, as the register of disclosures knows it. */
export interface ThirdCountryTransfer {
  readonly country: string;
  readonly recipient: string;
}

/** The record of processing activities of the controller. */
export interface ProcessingRegister {
  readonly generatedAt: string;
  readonly controller: Omit<Controller, 'dpo'>;
  readonly dpo: Controller['dpo'];
  readonly activities: readonly ProcessingActivity[];
  readonly transfers: readonly ThirdCountryTransfer[];
  readonly securityMeasures: readonly string[];
}

const words = {
  fr: {
    users: 'Utilisateurs de l’extranet (salariés des partenaires) ; visiteurs',
    noTransfer: 'Aucun transfert hors de l’Espace économique européen par ce traitement',
  },
  en: {
    users: 'Users of the extranet (partners’ employees); visitors',
    noTransfer: 'This processing transfers nothing outside the European Economic Area',
  },
} as const;

interface Told {
  readonly controller: Controller;
  /** What is offered for choice, as staff have it now. */
  readonly services: readonly ServicePurpose[];
  readonly sources: readonly PersonalDataSource[];
  readonly transfers: readonly ThirdCountryTransfer[];
}

/**
 * The record of processing (clause B3, GDPR art. 30), generated from the inventory that exports, erasure and retention obey too: it cannot say anything
 * else than what the program does.
 */
export function processingRegister(told: Told, language: Language, now: Date): ProcessingRegister {
  const { controller, services, sources, transfers } = told;
  const { dpo, ...company } = controller;
  return {
    generatedAt: now.toISOString(),
    controller: company,
    dpo,
    activities: [...charterPurposes, ...services].map((purpose): ProcessingActivity => {
      const { id, legalBasis, title } = purpose;
      const serving = sources.filter((source) => serves(source, purpose, services));
      return {
        id,
        purpose: title[language],
        legalBasis,
        dataSubjects: words[language].users,
        categories: dataCategories.filter((category) => serving.some((source) => source.category === category)),
        recipients: [...new Set(serving.map(({ recipients }) => recipients[language]).filter(isSomebody))],
        data: serving.map((source) => registered(source, language)),
        transfers: words[language].noTransfer,
      };
    }),
    transfers,
    securityMeasures: securityMeasures.map((measure) => measure[language]),
  };
}

const isSomebody = (recipients: string) => !/^(?:aucun|none)$/i.test(recipients);

/** Whether data are used for a purpose: as their source says, as the service says that people are asked about, or for a service of this purpose. */
function serves(source: PersonalDataSource, purpose: Purpose | ServicePurpose, services: readonly ServicePurpose[]) {
  const isOf = ({ id, categories }: ServicePurpose) =>
    source.purposes.includes(id) || categories.includes(source.category);
  if ('categories' in purpose) return isOf(purpose);
  return (
    source.purposes.includes(purpose.id) ||
    services.some((service) => service.charterPurpose === purpose.id && isOf(service))
  );
}

function registered(source: PersonalDataSource, language: Language): RegisteredData {
  const { id, title, category, origin, recipients, retention, onErasure } = source;
  return {
    source: id,
    title: title[language],
    category,
    origin,
    recipients: recipients[language],
    retention: retention[language],
    onErasure:
      onErasure.kind === 'keep'
        ? { kind: 'keep', reason: onErasure.reason[language], legalReference: onErasure.legalReference }
        : onErasure.kind === 'anonymise'
          ? { kind: 'anonymise', reason: onErasure.how[language] }
          : { kind: 'erase' },
  };
}

import { categoryTitles } from '../personal-data/index.ts';
import { type HtmlSection, htmlPage } from '../platform/http/html-page.ts';
import { parisInstant } from '../platform/paris-time.ts';
import { basisNames, erasureWords, originNames } from './labels.ts';
import type { ProcessingActivity, ProcessingRegister } from './processing-register.ts';

/** The record as a page that a DPO hands to the CNIL: in French, self-contained, made to be printed. */
export function registerPage(register: ProcessingRegister): string {
  const { controller, dpo, activities, transfers, securityMeasures, generatedAt } = register;
  const sections: readonly HtmlSection[] = [
    {
      heading: 'Responsable du traitement',
      facts: [
        ['Organisme', controller.name],
        ['Forme et capital', `${controller.legalForm} au capital de ${controller.shareCapital}`],
        ['Siège', controller.headOffice],
        ['Immatriculation', controller.registration],
        ['Délégué à la protection des données', `${dpo.email}\n${dpo.postalAddress}`],
      ],
    },
    {
      heading: 'Vue d’ensemble',
      table: {
        columns: ['Réf.', 'Finalité', 'Base légale', 'Catégories de données'],
        rows: activities.map(({ id, purpose, legalBasis, categories }) => [
          id,
          purpose,
          basisNames[legalBasis],
          categories.map((category) => categoryTitles[category].fr).join(', ') || 'aucune',
        ]),
      },
    },
    ...activities.map(activitySection),
    {
      heading: 'Transferts hors de l’Espace économique européen',
      ...(transfers.length === 0
        ? { text: 'Aucun transfert n’est consigné au registre des communications à des tiers.' }
        : {
            table: {
              columns: ['Pays', 'Destinataire'],
              rows: transfers.map(({ country, recipient }) => [country, recipient]),
            },
          }),
    },
    { heading: 'Mesures de sécurité techniques et organisationnelles', list: securityMeasures },
  ];
  return htmlPage({
    language: 'fr',
    title: 'Registre des activités de traitement',
    subtitle: `RGPD, article 30(1). Établi le ${parisInstant(new Date(generatedAt), 'fr-FR')} (heure de Paris) à partir de l’inventaire que le programme applique.`,
    sections,
  });
}

function activitySection(activity: ProcessingActivity): HtmlSection {
  const { id, purpose, legalBasis, dataSubjects, data, recipients, transfers } = activity;
  return {
    heading: `${id} : ${purpose}`,
    facts: [
      ['Base légale', basisNames[legalBasis]],
      ['Personnes concernées', dataSubjects],
      ['Destinataires', recipients.join('\n') || 'Aucun'],
      ['Transferts', transfers],
    ],
    ...(data.length === 0
      ? { text: 'Aucune donnée n’est traitée pour cette finalité à ce jour.' }
      : {
          table: {
            columns: ['Données', 'Catégorie', 'Origine', 'Conservation', 'En cas d’effacement'],
            rows: data.map((set) => [
              set.title,
              categoryTitles[set.category].fr,
              originNames[set.origin],
              set.retention,
              erasureWords(set.onErasure),
            ]),
          },
        }),
  };
}

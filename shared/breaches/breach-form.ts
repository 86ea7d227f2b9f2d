import { categoryTitles, type DataCategory } from '../personal-data/index.ts';
import type { Controller } from '../platform/config.ts';
import { type HtmlSection, htmlPage } from '../platform/http/html-page.ts';
import { parisInstant } from '../platform/paris-time.ts';
import type { Breach, BreachFacts, BreachPhase } from './breach.ts';

const when = (instant: string | undefined) =>
  instant === undefined ? 'Non connu à ce jour' : `${parisInstant(new Date(instant), 'fr-FR')} (heure de Paris)`;
const number = (value: number) => value.toLocaleString('fr-FR');

const factNames: Readonly<Record<keyof BreachFacts, string>> = {
  nature: 'Nature',
  categories: 'Catégories',
  approximatePeople: 'Personnes',
  approximateRecords: 'Enregistrements',
  consequences: 'Conséquences',
  measures: 'Mesures',
  highRisk: 'Risque élevé',
  startedAt: 'Début',
  endedAt: 'Fin',
  cause: 'Cause',
};

const phaseNames: Readonly<Record<BreachPhase['kind'], string>> = {
  recorded: 'Consignation',
  supplemented: 'Complément',
  notified: 'Notification à la CNIL',
  'people-told': 'Information des personnes',
  closed: 'Clôture',
};

/** A breach as a page in the order of the CNIL's notification form, to be copied into it or handed over (GDPR art. 33(3), (5)). */
export function breachForm(breach: Breach, controller: Controller): string {
  const supplements = breach.phases.filter(({ kind }) => kind === 'supplemented').length;
  const sections: readonly HtmlSection[] = [
    {
      heading: '1. Type de notification',
      facts: [
        ['Nature', supplements > 0 ? `Complémentaire (${supplements} complément(s))` : 'Initiale'],
        ['Référence interne', breach.id],
      ],
    },
    {
      heading: '2. Responsable du traitement',
      facts: [
        ['Organisme', `${controller.name}, ${controller.legalForm} au capital de ${controller.shareCapital}`],
        ['Siège', controller.headOffice],
        ['Immatriculation', controller.registration],
        ['Délégué à la protection des données', `${controller.dpo.email} ; ${controller.dpo.postalAddress}`],
      ],
    },
    {
      heading: '3. Chronologie de la violation',
      facts: [
        ['Début', when(breach.startedAt)],
        ['Fin', when(breach.endedAt)],
        ['Prise de connaissance', when(breach.awareAt)],
        ['À notifier au plus tard', when(breach.notifyBy)],
        [
          'Notification',
          breach.notifiedAt ? when(breach.notifiedAt) : (breach.notNotifiedReason ?? 'Pas encore faite'),
        ],
        ['Motifs du retard', breach.delayReasons ?? 'Sans objet'],
      ],
    },
    {
      heading: '4. Nature et cause',
      facts: [
        ['Nature', breach.nature],
        ['Cause', breach.cause ?? 'Non connue à ce jour'],
      ],
    },
    {
      heading: '5. Données concernées',
      facts: [
        ['Catégories', categoriesOf(breach.categories)],
        ['Nombre approximatif d’enregistrements', number(breach.approximateRecords)],
      ],
    },
    {
      heading: '6. Personnes concernées',
      facts: [
        ['Catégories', 'Utilisateurs de l’extranet (salariés des partenaires)'],
        ['Nombre approximatif', number(breach.approximatePeople)],
      ],
    },
    {
      heading: '7. Conséquences probables',
      facts: [
        ['Conséquences', breach.consequences],
        ['Risque élevé pour les droits et libertés', breach.highRisk ? 'Oui' : 'Non'],
      ],
    },
    { heading: '8. Mesures prises ou envisagées', facts: [['Mesures', breach.measures]] },
    {
      heading: '9. Communication aux personnes',
      facts: [
        [
          'Personnes informées',
          breach.peopleToldAt
            ? when(breach.peopleToldAt)
            : (breach.peopleNotToldReason ??
              (breach.highRisk ? 'Pas encore' : 'Non requise : le risque n’est pas élevé')),
        ],
      ],
    },
    {
      heading: '10. Historique',
      table: {
        columns: ['Date', 'Étape', 'Par', 'Éléments'],
        rows: breach.phases.map(({ at, kind, by, facts, note }) => [
          when(at),
          phaseNames[kind],
          by,
          [note, ...factsOf(facts ?? {})].filter((part) => part !== undefined).join('\n'),
        ]),
      },
    },
  ];
  return htmlPage({ language: 'fr', title: `Violation de données ${breach.id}`, sections });
}

function categoriesOf(categories: readonly DataCategory[]): string {
  return categories.map((category) => categoryTitles[category].fr).join(', ');
}

/** What a phase brought, a line each. */
function factsOf(facts: Partial<BreachFacts>): readonly string[] {
  const shown: Readonly<Record<string, string | undefined>> = {
    ...(facts.categories ? { categories: categoriesOf(facts.categories) } : {}),
    ...(facts.highRisk === undefined ? {} : { highRisk: facts.highRisk ? 'oui' : 'non' }),
    ...(facts.startedAt ? { startedAt: when(facts.startedAt) } : {}),
    ...(facts.endedAt ? { endedAt: when(facts.endedAt) } : {}),
  };
  return Object.entries(facts).map(
    ([name, value]) => `${factNames[name as keyof BreachFacts]} : ${shown[name] ?? String(value)}`,
  );
}

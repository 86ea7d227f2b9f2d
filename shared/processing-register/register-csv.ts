import { categoryTitles } from '../personal-data/index.ts';
import { basisNames, erasureWords, originNames } from './labels.ts';
import type { ProcessingRegister } from './processing-register.ts';

const COLUMNS = [
  'Référence',
  'Finalité',
  'Base légale',
  'Personnes concernées',
  'Données',
  'Catégorie',
  'Origine',
  'Destinataires',
  'Durée de conservation',
  'En cas d’effacement',
  'Transferts hors EEE',
] as const;

/** The record as a table, a line for each set of data of each purpose; UTF-8 with a byte order mark, cells that begin like a formula neutralised. */
export async function registerCsv({ activities }: ProcessingRegister): Promise<string> {
  const { stringify } = await import('csv-stringify/sync');
  const rows = activities.flatMap(({ id, purpose, legalBasis, dataSubjects, data, transfers }) => {
    const start = [id, purpose, basisNames[legalBasis], dataSubjects];
    if (data.length === 0) return [[...start, 'aucune', '', '', '', '', '', transfers]];
    return data.map((set) => [
      ...start,
      set.title,
      categoryTitles[set.category].fr,
      originNames[set.origin],
      set.recipients,
      set.retention,
      erasureWords(set.onErasure),
      transfers,
    ]);
  });
  return stringify(rows, { header: true, columns: [...COLUMNS], delimiter: ';', bom: true, escape_formulas: true });
}

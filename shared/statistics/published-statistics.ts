import { randomUUID } from 'node:crypto';
import type { Document, DocumentContainer } from '../platform/cosmos/document-store.ts';
import type { Month } from './months-rules.ts';
import { LEAST_PEOPLE, type PublishedCell, ROUNDED_TO } from './suppression-rules.ts';

/** A part of what is published for one month: partition the month. */
interface CellsDocument extends Document {
  readonly type: 'statistics-cells';
  readonly cells: readonly PublishedCell[];
}

/** That a month is published, and which parts make it up. Written last and once: what a month says never changes. */
interface PublicationDocument extends Document {
  readonly id: typeof PUBLICATION_ID;
  readonly type: 'statistics-publication';
  readonly publishedAt: string;
  readonly parts: readonly string[];
  readonly leastPeople: number;
  readonly roundedTo: number;
}

const PUBLICATION_ID = 'publication';
const CELLS_A_PART = 1_000;

/** The anonymous statistics as published (clause C5): they stay, since nobody is in them. */
export function publishedStatistics(statistics: DocumentContainer) {
  const publication = (month: Month) => statistics.read<PublicationDocument>(month, PUBLICATION_ID);
  return {
    isPublished: async (month: Month) => (await publication(month)) !== undefined,

    /** Publishes a month, once and for ever; `false` when it has been published already. */
    async publish(month: Month, cells: readonly PublishedCell[], now: Date): Promise<boolean> {
      const parts: string[] = [];
      for (let first = 0; first < Math.max(1, cells.length); first += CELLS_A_PART) {
        const part: CellsDocument = {
          id: randomUUID(),
          type: 'statistics-cells',
          cells: cells.slice(first, first + CELLS_A_PART),
        };
        await statistics.create(month, part);
        parts.push(part.id);
      }
      const document: PublicationDocument = {
        id: PUBLICATION_ID,
        type: 'statistics-publication',
        publishedAt: now.toISOString(),
        parts,
        leastPeople: LEAST_PEOPLE,
        roundedTo: ROUNDED_TO,
      };
      if ((await statistics.create(month, document)).outcome === 'written') return true;
      await Promise.all(parts.map((id) => statistics.remove(month, id)));
      return false;
    },

    /** The cells of a month; none when it is not published. */
    async cells(month: Month): Promise<readonly PublishedCell[]> {
      const found = await publication(month);
      const parts = await Promise.all((found?.parts ?? []).map((id) => statistics.read<CellsDocument>(month, id)));
      return parts.flatMap((part) => part?.cells ?? []);
    },
  };
}

export type PublishedStatistics = ReturnType<typeof publishedStatistics>;

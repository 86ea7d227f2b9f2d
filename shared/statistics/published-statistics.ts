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
/** More than all parts of a month, those of some runs that died included. */
const PARTS_AT_ONCE = 1_000;

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

    /** Removes parts that no publication names: those of a run that died between them and the end of them. */
    async clearLeftovers(month: Month): Promise<void> {
      const published = await publication(month);
      if (!published) return; // they may be of a run that is under way
      const { items } = await statistics.query<{ readonly id: string }>({
        text: "SELECT c.id FROM c WHERE c.type = 'statistics-cells'",
        partition: month,
        limit: PARTS_AT_ONCE,
      });
      for (const { id } of items) if (!published.parts.includes(id)) await statistics.remove(month, id);
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

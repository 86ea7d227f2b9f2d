import * as z from 'zod/mini';
import { seal, unseal } from '../keys/sealing.ts';
import { Problem } from './problem.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;

/** `?limit=1..100&cursor=` of every list (API conventions), to be spread into a route's query schema. */
export const pageQuery = {
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(MAX_LIMIT)), DEFAULT_LIMIT),
  cursor: z.optional(z.string().check(z.maxLength(2_000))),
};

export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** The answer of a list: one page, and where the next begins. */
export const pageOf = <Item extends z.ZodMiniType>(item: Item) =>
  z.strictObject({ items: z.array(item), nextCursor: z.optional(z.string()) });

/**
 * Cursors say where a list goes on. They are sealed: a client can neither read nor make one, and a cursor of one list (`scope`) opens
 * no other.
 */
export function cursors(key: Buffer) {
  const encode = (scope: string, position: unknown): string => seal(key, `cursor:${scope}`, JSON.stringify(position));

  /** Throws `invalid-request` for anything that is not a cursor of this list. */
  function decode<T>(scope: string, cursor: string | undefined): T | undefined {
    if (cursor === undefined) return undefined;
    try {
      return JSON.parse(unseal(key, `cursor:${scope}`, cursor)) as T;
    } catch {
      throw new Problem('invalid-request', { errors: [{ path: 'cursor', message: 'unknown cursor' }] });
    }
  }

  return {
    encode,
    decode,
    /** A page of a list so short that it is always read whole. */
    pageOf<Item>(scope: string, items: readonly Item[], { limit, cursor }: PageQuery) {
      const from = decode<number>(scope, cursor) ?? 0;
      const page = items.slice(from, from + limit);
      return { items: page, ...(from + limit < items.length ? { nextCursor: encode(scope, from + limit) } : {}) };
    },
  };
}

export type Cursors = ReturnType<typeof cursors>;

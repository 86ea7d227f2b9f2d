import type { AccountStore } from '../accounts/index.ts';
import type { DataCategory } from '../personal-data/index.ts';
import { monthsAfter } from '../platform/calendar-months.ts';
import { type DocumentContainer, type Stored, StoreUnavailable } from '../platform/cosmos/document-store.ts';
import { type AccountId, isId, newId } from '../platform/ids.ts';
import {
  DISCLOSURE_KEPT_YEARS,
  DISCLOSURE_KIND,
  type Disclosure,
  type DisclosureId,
  type Recipient,
  type ShownDisclosure,
  shown,
} from './disclosure.ts';
import { type DisclosureGround, type DisclosureVerdict, disclosureVerdict } from './disclosure-rules.ts';

/**
 * Whether this consent is the account's, stands at `now` (granted, neither withdrawn nor ended) and covers handing these categories to a third
 * party (clauses C4, C6).
 */
export type ConsentStands = (
  accountId: AccountId,
  consentId: string,
  categories: readonly DataCategory[],
  now: Date,
) => Promise<boolean>;

export interface DisclosureRequest {
  readonly accountId: string;
  readonly recipient: Recipient;
  readonly categories: readonly DataCategory[];
  readonly ground: DisclosureGround;
  readonly reference: string;
  readonly consentId?: string;
}

export type DisclosureOutcome =
  | { readonly outcome: 'permitted'; readonly disclosure: Disclosure }
  | { readonly outcome: 'no-such-account' }
  | { readonly outcome: 'refused'; readonly verdict: Exclude<DisclosureVerdict, 'permitted'> };

/** Where a list goes on: behind this key, newest first. */
export interface DisclosurePage {
  readonly items: readonly ShownDisclosure[];
  readonly next?: string;
}

interface DisclosurePlatform {
  readonly governance: DocumentContainer;
  readonly store: AccountStore;
  readonly consentStands: ConsentStands;
}

/** Sorts behind every key of the register. */
const END_OF_TIME = '~';

/** The register of disclosures (clauses C4, C6, C7, H2). */
export function disclosureRegister({ governance, store, consentStands }: DisclosurePlatform) {
  return {
    /**
     * Asks whether the data may go, without writing: consent, restriction and closure are read now. What comes back as permitted is to be
     * recorded with {@link record} before anything leaves.
     */
    async examine(request: DisclosureRequest, staffId: string, now: Date): Promise<DisclosureOutcome> {
      const accountId = request.accountId;
      const account = isId('acc', accountId) ? await store.account(accountId) : undefined;
      if (!account || account.status === 'unverified') return { outcome: 'no-such-account' };
      const { ground, categories, consentId } = request;
      const stands =
        consentId !== undefined &&
        ground === 'consent' &&
        (await consentStands(account.accountId, consentId, categories, now));
      const verdict = disclosureVerdict({
        ground,
        categories,
        account: account.status,
        restricted: account.restriction !== undefined,
        ...(consentId === undefined ? {} : { consent: stands ? 'stands' : 'does-not-stand' }),
      });
      if (verdict !== 'permitted') return { outcome: 'refused', verdict };
      const id: DisclosureId = newId('dsc');
      const at = now.toISOString();
      const disclosure: Disclosure = {
        ...request,
        id,
        type: 'disclosure',
        accountId: account.accountId,
        at,
        recordedBy: staffId,
        notices: [],
        sortKey: `${at}|${id}`,
        expiresAt: monthsAfter(now, 12 * DISCLOSURE_KEPT_YEARS).toISOString(),
      };
      return { outcome: 'permitted', disclosure };
    },

    /** Puts a permitted disclosure on record. Only once this has resolved may the data leave (clause C7). */
    async record(disclosure: Disclosure): Promise<ShownDisclosure> {
      const { outcome } = await governance.create(DISCLOSURE_KIND, disclosure);
      if (outcome !== 'written') throw new StoreUnavailable('the disclosure was not stored');
      return shown(disclosure);
    },

    async find(id: string): Promise<Stored<Disclosure> | undefined> {
      return isId('dsc', id) ? governance.read<Disclosure>(DISCLOSURE_KIND, id) : undefined;
    },

    /** Newest first; of one account, or all. */
    async list(
      filter: { readonly accountId?: string; readonly after?: string },
      limit: number,
    ): Promise<DisclosurePage> {
      const { accountId, after = END_OF_TIME } = filter;
      const ofAccount = accountId === undefined ? '' : ' AND c.accountId = @accountId';
      const { items } = await governance.query<Disclosure>({
        text: `SELECT * FROM c WHERE c.type = 'disclosure' AND c.sortKey < @after${ofAccount} ORDER BY c.sortKey DESC`,
        parameters: { after, ...(accountId === undefined ? {} : { accountId }) },
        partition: DISCLOSURE_KIND,
        limit: limit + 1,
      });
      const page = items.slice(0, limit);
      const last = page.at(-1);
      return { items: page.map(shown), ...(items.length > limit && last ? { next: last.sortKey } : {}) };
    },

    /** Each country outside the EEA to which data have gone, with who received them there, for the record of processing. */
    async thirdCountries(): Promise<readonly { readonly country: string; readonly recipient: string }[]> {
      const known = new Map<string, { readonly country: string; readonly recipient: string }>();
      let after: string | undefined;
      do {
        const page = await this.list(after === undefined ? {} : { after }, 100);
        for (const { recipient } of page.items) {
          const country = recipient.thirdCountry;
          if (country) known.set(`${country}\u0000${recipient.name}`, { country, recipient: recipient.name });
        }
        after = page.next;
      } while (after !== undefined);
      return [...known.values()].toSorted((a, b) => a.country.localeCompare(b.country));
    },
  };
}

export type DisclosureRegister = ReturnType<typeof disclosureRegister>;

/** Every disclosure of an account, oldest first, page by page. */
export async function* disclosuresOf(
  governance: DocumentContainer,
  accountId: AccountId,
): AsyncIterable<Stored<Disclosure>> {
  let after = '';
  for (;;) {
    const { items } = await governance.query<Disclosure>({
      text: "SELECT * FROM c WHERE c.type = 'disclosure' AND c.accountId = @accountId AND c.sortKey > @after ORDER BY c.sortKey",
      parameters: { accountId, after },
      partition: DISCLOSURE_KIND,
    });
    yield* items;
    const last = items.at(-1);
    if (!last) return;
    after = last.sortKey;
  }
}

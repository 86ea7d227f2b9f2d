import type { AccountStore, AccountUseCases, Profile } from '../accounts/index.ts';
import type { Document, DocumentContainer } from '../platform/cosmos/document-store.ts';
import type { RequestId } from '../platform/ids.ts';
import { type CaseLetter, LETTER_ID, type RightsRequest } from './case.ts';
import type { CaseStore } from './case-store.ts';
import type { Applied } from './effects.ts';

/** The fields of a profile that a rectification may change by itself. The e-mail, by which one signs in, is changed by hand only. */
export const profileFields = ['givenName', 'familyName', 'company', 'jobTitle', 'phone', 'language'] as const;
type ProfileField = (typeof profileFields)[number];

/** Art. 16: the person's own words, which stand beside data that they say are incomplete. Partition: the account. */
export interface SupplementaryStatement extends Document {
  readonly id: `statement:${string}`;
  readonly type: 'supplementary-statement';
  readonly requestId: RequestId;
  readonly text: string;
  readonly at: string;
}

interface RectificationPlatform {
  readonly store: CaseStore;
  readonly accounts: DocumentContainer;
  readonly accountStore: AccountStore;
  readonly accountUseCases: Pick<AccountUseCases, 'changeProfile'>;
}

const isProfileField = (field: string): field is ProfileField => (profileFields as readonly string[]).includes(field);

/** Carries out an approved rectification (clause G2). What was there before is put on record before it is changed. */
export function rectification({ store, accounts, accountStore, accountUseCases }: RectificationPlatform) {
  /** Notes old and new values in the case, once: a second run after a death would see only the new ones. */
  async function noteChanges(
    request: RightsRequest,
    profile: Profile,
    now: Date,
  ): Promise<NonNullable<CaseLetter['applied']>> {
    for (;;) {
      const letter = await store.part<CaseLetter>(request.requestId, LETTER_ID);
      if (!letter) return [];
      if (letter.applied) return letter.applied;
      const { _etag: etag, ...before } = letter;
      const applied = (letter.rectifications ?? []).flatMap(({ field, value }) =>
        isProfileField(field) ? [{ field, before: profile[field] ?? null, after: value, at: now.toISOString() }] : [],
      );
      if (await store.add(request, [{ replace: { ...before, applied } as CaseLetter, etag }], now)) return applied;
    }
  }

  return {
    /** `by-hand` when something is left that no profile holds, for the desk to do and to complete. */
    async apply(request: RightsRequest, now: Date): Promise<Applied> {
      const { accountId, requestId } = request;
      const found = accountId && (await accountStore.account(accountId));
      if (!found) return 'by-hand';
      const applied = await noteChanges(request, found.profile, now);
      const change = Object.fromEntries(applied.map(({ field, after }) => [field, after]));
      for (let account = found; applied.length > 0; ) {
        if ((await accountUseCases.changeProfile(account, change)) !== 'changed-meanwhile') break;
        const newer = await accountStore.account(accountId);
        if (!newer) return 'by-hand';
        account = newer;
      }
      const letter = await store.part<CaseLetter>(requestId, LETTER_ID);
      if (letter?.statement !== undefined) {
        const statement: SupplementaryStatement = {
          id: `statement:${requestId}`,
          type: 'supplementary-statement',
          requestId,
          text: letter.statement,
          at: now.toISOString(),
        };
        await accounts.upsert(accountId, statement);
      }
      const isAll = (letter?.rectifications ?? []).every(({ field }) => isProfileField(field));
      return isAll && (applied.length > 0 || letter?.statement !== undefined) ? 'applied' : 'by-hand';
    },
  };
}

export type RectificationUseCase = ReturnType<typeof rectification>;

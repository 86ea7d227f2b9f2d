import { DAY, plus } from '../platform/clock.ts';
import type { Document, DocumentContainer, Stored } from '../platform/cosmos/document-store.ts';
import type { AccountId } from '../platform/ids.ts';
import type { Language } from '../platform/language.ts';

/** What a person chose about their space (clauses D2, D5, D9). */
export interface Preferences {
  readonly language: Language;
  readonly theme?: 'light' | 'dark' | 'system' | undefined;
  readonly interests?: readonly string[] | undefined;
  readonly notifications?: Readonly<Record<string, boolean>> | undefined;
}

export interface PreferencesDocument extends Document {
  readonly type: 'preferences';
  readonly preferences: Preferences;
}

/** Form input that the extranet remembers for the person (clauses H1, H5). */
export interface FormDraft {
  readonly formId: string;
  readonly fields: Readonly<Record<string, string | number | boolean | null>>;
  readonly updatedAt: string;
  /** 90 days after the last change the draft is gone. */
  readonly expiresAt: string;
}

export interface FormDraftDocument extends Document, FormDraft {
  readonly type: 'form-draft';
  readonly expiresAt: string;
}

const DRAFT_KEPT = 90 * DAY;
/** More drafts than this nobody is filling in (clause C1). */
const MAX_DRAFTS = 50;
const PREFERENCES_ID = 'preferences';
const draftId = (formId: string) => `draft:${formId}`;
const shown = ({ formId, fields, updatedAt, expiresAt }: FormDraftDocument): FormDraft => ({
  formId,
  fields,
  updatedAt,
  expiresAt,
});

/** Finds out whether the current representation is the one that the client meant to replace; throws otherwise. */
type Check = (current: unknown | undefined, shownInstead?: unknown) => void;

/** The person's space: preferences and form drafts. */
export function userSpace(accounts: DocumentContainer) {
  const readPreferences = (accountId: AccountId) => accounts.read<PreferencesDocument>(accountId, PREFERENCES_ID);

  /** Creates, or replaces exactly the version that was checked. */
  async function write(
    accountId: AccountId,
    document: Document,
    current: Stored<Document> | undefined,
  ): Promise<boolean> {
    const { outcome } = current
      ? await accounts.replace(accountId, document, current._etag)
      : await accounts.create(accountId, document);
    return outcome === 'written';
  }

  async function drafts(accountId: AccountId): Promise<readonly FormDraft[]> {
    const { items } = await accounts.query<FormDraftDocument>({
      text: "SELECT * FROM c WHERE c.type = 'form-draft'",
      partition: accountId,
      limit: MAX_DRAFTS,
    });
    return items.map(shown).toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt));
  }

  return {
    /** The chosen preferences; before a first choice only the account's language. */
    async preferences(accountId: AccountId, language: Language): Promise<Preferences> {
      return (await readPreferences(accountId))?.preferences ?? { language };
    },

    async setPreferences(
      accountId: AccountId,
      preferences: Preferences,
      language: Language,
      check: Check,
    ): Promise<'saved' | 'changed-meanwhile'> {
      const current = await readPreferences(accountId);
      check(current?.preferences, { language });
      const document: PreferencesDocument = { id: PREFERENCES_ID, type: 'preferences', preferences };
      return (await write(accountId, document, current)) ? 'saved' : 'changed-meanwhile';
    },

    drafts,

    async draft(accountId: AccountId, formId: string): Promise<FormDraft | undefined> {
      const found = await accounts.read<FormDraftDocument>(accountId, draftId(formId));
      return found && shown(found);
    },

    /** Saves a draft; its 90 days begin anew. */
    async saveDraft(
      accountId: AccountId,
      formId: string,
      fields: FormDraft['fields'],
      check: Check,
      now: Date,
    ): Promise<{ outcome: 'created' | 'replaced'; draft: FormDraft } | { outcome: 'changed-meanwhile' | 'too-many' }> {
      const current = await accounts.read<FormDraftDocument>(accountId, draftId(formId));
      check(current && shown(current));
      if (!current && (await drafts(accountId)).length >= MAX_DRAFTS) return { outcome: 'too-many' };
      const expiresAt = plus(now, DRAFT_KEPT);
      const document: FormDraftDocument = {
        id: draftId(formId),
        type: 'form-draft',
        formId,
        fields,
        updatedAt: now.toISOString(),
        expiresAt: expiresAt.toISOString(),
      };
      if (!(await write(accountId, document, current))) return { outcome: 'changed-meanwhile' };
      return { outcome: current ? 'replaced' : 'created', draft: shown(document) };
    },

    async deleteDraft(accountId: AccountId, formId: string): Promise<boolean> {
      return (await accounts.remove(accountId, draftId(formId))).outcome === 'written';
    },
  };
}

export type UserSpace = ReturnType<typeof userSpace>;

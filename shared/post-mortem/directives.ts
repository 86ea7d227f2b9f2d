import { type Notification, newNotification } from '../notifications/index.ts';
import type { Document, DocumentContainer, Stored } from '../platform/cosmos/document-store.ts';
import type { AccountId } from '../platform/ids.ts';
import { type Directives, type DirectivesFault, directivesFaults } from './directives-rules.ts';

/** Directives as their author sees them. */
export interface ShownDirectives extends Directives {
  readonly consent: true;
  /** Counts every change, a revocation too. */
  readonly version: number;
  /** When this version, and the consent with it, was given. */
  readonly recordedAt: string;
}

/** One change of the directives, kept as it was made. */
export interface DirectivesChange {
  readonly version: number;
  readonly act: 'recorded' | 'revoked';
  readonly at: string;
  readonly directives?: Directives;
}

/** What holds now: partition of the account, id `directives`. Without `directives`: they were revoked. */
export interface DirectivesDocument extends Document {
  readonly type: 'post-mortem-directives';
  readonly version: number;
  readonly recordedAt: string;
  readonly directives?: Directives;
}

/** The history: one document for each change, never altered. */
export interface DirectivesChangeDocument extends Document, DirectivesChange {
  readonly type: 'post-mortem-directives-change';
}

export const DIRECTIVES_TYPES = ['post-mortem-directives', 'post-mortem-directives-change'] as const;

export type DirectivesOutcome =
  | {
      readonly outcome: 'created' | 'replaced';
      readonly directives: ShownDirectives;
      readonly notification: Notification;
    }
  | { readonly outcome: 'faulty'; readonly faults: readonly DirectivesFault[] }
  | { readonly outcome: 'changed-meanwhile' };

const ID = 'directives';
const changeId = (version: number) => `directives-change:${String(version).padStart(6, '0')}`;

const shown = ({ directives, version, recordedAt }: DirectivesDocument): ShownDirectives | undefined =>
  directives && { ...directives, consent: true, version, recordedAt };

/** Finds out whether the current representation is the one that the client meant; throws otherwise. */
type Check = (current: ShownDirectives | undefined) => void;

/** A person's directives on what becomes of their data after death (clause G7): recorded, changed, revoked at any time, each version kept. */
export function directivesUseCases(accounts: DocumentContainer, dataKey: Buffer) {
  const find = (accountId: AccountId) => accounts.read<DirectivesDocument>(accountId, ID);

  /** The new state, its place in the history and the mail about it, in one batch. */
  async function write(
    accountId: AccountId,
    current: Stored<DirectivesDocument> | undefined,
    directives: Directives | undefined,
    now: Date,
  ) {
    const at = now.toISOString();
    const version = (current?.version ?? 0) + 1;
    const act = directives ? 'recorded' : 'revoked';
    const document: DirectivesDocument = {
      id: ID,
      type: 'post-mortem-directives',
      version,
      recordedAt: at,
      ...(directives ? { directives } : {}),
    };
    const change: DirectivesChangeDocument = {
      id: changeId(version),
      type: 'post-mortem-directives-change',
      version,
      act,
      at,
      ...(directives ? { directives } : {}),
    };
    const notification = newNotification(dataKey, 'directives-changed', { parameters: { act, at } }, now);
    const { outcome } = await accounts.batch(accountId, [
      current ? { replace: document, etag: current._etag } : { create: document },
      { create: change },
      { create: notification },
    ]);
    return outcome === 'written' ? { document, notification } : undefined;
  }

  return {
    async current(accountId: AccountId): Promise<ShownDirectives | undefined> {
      const found = await find(accountId);
      return found && shown(found);
    },

    /** Every change, the last first. */
    async history(accountId: AccountId): Promise<readonly DirectivesChange[]> {
      const changes: DirectivesChange[] = [];
      let continuation: string | undefined;
      do {
        const page = await accounts.query<DirectivesChangeDocument>({
          text: "SELECT * FROM c WHERE c.type = 'post-mortem-directives-change'",
          partition: accountId,
          ...(continuation ? { continuation } : {}),
        });
        for (const { version, act, at, directives } of page.items) {
          changes.push({ version, act, at, ...(directives ? { directives } : {}) });
        }
        continuation = page.continuation;
      } while (continuation);
      return changes.toSorted((a, b) => b.version - a.version);
    },

    /** Records directives in the place of those that were seen. `check` may throw. */
    async record(
      accountId: AccountId,
      { consent, ...directives }: Directives & { readonly consent?: boolean | undefined },
      check: Check,
      now: Date,
    ): Promise<DirectivesOutcome> {
      const faults = directivesFaults({ ...directives, consent });
      if (faults.length > 0) return { outcome: 'faulty', faults };
      const current = await find(accountId);
      const before = current && shown(current);
      check(before);
      const written = await write(accountId, current, directives, now);
      const after = written && shown(written.document);
      if (!written || !after) return { outcome: 'changed-meanwhile' };
      return { outcome: before ? 'replaced' : 'created', directives: after, notification: written.notification };
    },

    /** Revokes the directives; the history stays. Nothing when there are none. */
    async revoke(accountId: AccountId, now: Date): Promise<Notification | undefined> {
      for (;;) {
        const current = await find(accountId);
        if (!current?.directives) return undefined;
        const written = await write(accountId, current, undefined, now);
        if (written) return written.notification;
      }
    },
  };
}

export type DirectivesUseCases = ReturnType<typeof directivesUseCases>;

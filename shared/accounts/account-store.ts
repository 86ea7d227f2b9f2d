import { CREDENTIAL_ID, type Credential } from '../credentials/index.ts';
import type { BatchStep, Document, DocumentStore, Stored } from '../platform/cosmos/document-store.ts';
import { ACCOUNT_ID, type Acceptance, type Account, type Login } from './account.ts';

/** What is stored of accounts: the partition of each account, and the reservations of their e-mail addresses. */
export function accountStore({ accounts, logins }: Pick<DocumentStore, 'accounts' | 'logins'>) {
  return {
    account: (accountId: string) => accounts.read<Account>(accountId, ACCOUNT_ID),
    credential: (accountId: string) => accounts.read<Credential>(accountId, CREDENTIAL_ID),

    /** Account and credential in one round trip. */
    async accountWithCredential(accountId: string) {
      const { items } = await accounts.query<Account | Credential>({
        text: "SELECT * FROM c WHERE c.type IN ('account', 'credential')",
        partition: accountId,
      });
      const account = items.find((item): item is Stored<Account> => item.type === 'account');
      const credential = items.find((item): item is Stored<Credential> => item.type === 'credential');
      return account && credential ? { account, credential } : undefined;
    },

    /** Every document of one type in the partition of an account. */
    async ofType<T extends Document>(accountId: string, type: T['type']): Promise<readonly Stored<T>[]> {
      const found: Stored<T>[] = [];
      let continuation: string | undefined;
      do {
        const page = await accounts.query<T>({
          text: 'SELECT * FROM c WHERE c.type = @type',
          parameters: { type },
          partition: accountId,
          ...(continuation ? { continuation } : {}),
        });
        found.push(...page.items);
        continuation = page.continuation;
      } while (continuation);
      return found;
    },

    acceptances(accountId: string) {
      return this.ofType<Acceptance>(accountId, 'acceptance');
    },

    write: (accountId: string, steps: readonly BatchStep[]) => accounts.batch(accountId, steps),

    login: (loginId: string) => logins.read<Login>(loginId, loginId),
    createLogin: (login: Login) => logins.create(login.id, login),
    replaceLogin: (login: Login, etag: string) => logins.replace(login.id, login, etag),
  };
}

export type AccountStore = ReturnType<typeof accountStore>;

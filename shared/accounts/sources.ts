import {
  asLongAsTheAccount,
  type DataSubject,
  type Erased,
  nothingErased,
  type PersonalDataRecord,
  type PersonalDataSource,
  partitionSource,
  staffAndHost,
} from '../personal-data/index.ts';
import type { DocumentStore } from '../platform/cosmos/document-store.ts';
import type { AccountId } from '../platform/ids.ts';
import { ACCOUNT_ID, type Acceptance, type Account, type Login } from './account.ts';

const PAGE = 100;

/**
 * What is held of an account itself, and of the reservation of its e-mail. Three categories lie in the one account document, so that each can be
 * shown under its own authorisation; it goes as a whole, and last: it is what everything else is found by.
 */
export function accountSources(database: DocumentStore): readonly PersonalDataSource[] {
  const { accounts, logins } = database;
  const accountOf = async ({ accountId }: DataSubject) =>
    accountId === undefined ? undefined : accounts.read<Account>(accountId, ACCOUNT_ID);

  async function eraseAccount({ accountId }: DataSubject): Promise<Erased> {
    if (accountId === undefined) return nothingErased;
    const { outcome } = await accounts.remove(accountId, ACCOUNT_ID);
    return { erased: outcome === 'written' ? 1 : 0, more: false };
  }

  /** The reservation of the person's e-mail, unless somebody else's account holds it by now. */
  async function loginOf(subject: DataSubject) {
    const key = subject.emailKey ?? (await accountOf(subject))?.loginId;
    const login = key === undefined ? undefined : await logins.read<Login>(key, key);
    return login && (subject.accountId === undefined || login.accountId === subject.accountId) ? login : undefined;
  }

  const ofAccount = (show: (account: Account) => PersonalDataRecord) => ({
    store: { container: 'accounts', documentTypes: ['account'] } as const,
    recipients: staffAndHost,
    retention: asLongAsTheAccount,
    onErasure: { kind: 'erase' } as const,
    anchor: true as const,
    async *collect(subject: DataSubject) {
      const account = await accountOf(subject);
      if (account) yield show(account);
    },
    erase: eraseAccount,
  });

  return [
    {
      id: 'identity',
      title: { fr: 'Identité', en: 'Identity' },
      category: 'identity',
      origin: 'provided',
      purposes: ['D1', 'D9'],
      ...ofAccount(({ profile }) => ({
        givenName: profile.givenName,
        familyName: profile.familyName,
        company: profile.company,
        ...(profile.jobTitle ? { jobTitle: profile.jobTitle } : {}),
      })),
    },
    {
      id: 'contact',
      title: { fr: 'Coordonnées', en: 'Contact details' },
      category: 'contact',
      origin: 'provided',
      purposes: ['D5', 'D6', 'D7', 'D9'],
      ...ofAccount(({ profile }) => ({
        email: profile.email,
        ...(profile.phone ? { phone: profile.phone } : {}),
        language: profile.language,
      })),
    },
    {
      id: 'account',
      title: { fr: 'Compte', en: 'Account' },
      category: 'account',
      origin: 'observed',
      purposes: ['D9'],
      ...ofAccount((account) => ({
        accountId: account.accountId,
        status: account.status,
        createdAt: account.createdAt,
        ...(account.verifiedAt ? { verifiedAt: account.verifiedAt } : {}),
        ...(account.restriction ? { restrictedSince: account.restriction.since } : {}),
        ...(account.objections?.length ? { objections: account.objections } : {}),
      })),
      /** Everybody with anything in the container, also when the account document itself is missing from it. */
      async *holders(after = '') {
        let position = after;
        for (;;) {
          const { items } = await accounts.query<{ readonly accountId: AccountId }>({
            text: 'SELECT c.accountId FROM c WHERE c.accountId > @position ORDER BY c.accountId',
            parameters: { position },
            limit: PAGE,
          });
          for (const { accountId } of items) {
            if (accountId === position) continue;
            position = accountId;
            yield { subject: { accountId }, position };
          }
          if (items.length === 0) return;
        }
      },
    },
    {
      id: 'sign-in-name',
      title: { fr: 'Réservation de l’adresse e-mail', en: 'Reservation of the e-mail address' },
      category: 'account',
      origin: 'derived',
      purposes: ['D9'],
      recipients: staffAndHost,
      retention: asLongAsTheAccount,
      store: { container: 'logins', documentTypes: ['login'] },
      onErasure: { kind: 'erase' },
      anchor: true,
      async *collect(subject) {
        const login = await loginOf(subject);
        if (login) yield { pseudonym: login.id };
      },
      async erase(subject) {
        const login = await loginOf(subject);
        if (!login) return nothingErased;
        const { outcome } = await logins.remove(login.id, login.id, login._etag);
        return { erased: outcome === 'written' ? 1 : 0, more: false };
      },
      async *holders(after = '') {
        let position = after;
        for (;;) {
          const { items } = await logins.query<Login>({
            text: 'SELECT * FROM c WHERE c.id > @position ORDER BY c.id',
            parameters: { position },
            limit: PAGE,
          });
          for (const { id, accountId } of items) {
            position = id;
            yield { subject: { accountId, emailKey: id }, position };
          }
          if (items.length === 0) return;
        }
      },
    },
    partitionSource<Acceptance>(database, {
      id: 'acceptances',
      title: { fr: 'Acceptations des conditions et de la charte', en: 'Acceptances of the terms and the charter' },
      category: 'acceptances',
      container: 'accounts',
      documentTypes: ['acceptance'],
      origin: 'observed',
      purposes: ['D9'],
      recipients: staffAndHost,
      retention: asLongAsTheAccount,
      partitionOf: ({ accountId }) => accountId,
      show: ({ kind, version, acceptedAt, act }) => ({ kind, version, acceptedAt, act }),
    }),
  ];
}

/**
 * Whose data they are, as fully as the store can tell: the account of an e-mail, the e-mail of an account. An e-mail whose account is not its
 * own any more stays what it was.
 */
export function completeSubject({ accounts, logins }: Pick<DocumentStore, 'accounts' | 'logins'>) {
  return async (subject: DataSubject): Promise<DataSubject> => {
    if (subject.accountId !== undefined) {
      if (subject.emailKey !== undefined) return subject;
      const account = await accounts.read<Account>(subject.accountId, ACCOUNT_ID);
      return account ? { ...subject, emailKey: account.loginId } : subject;
    }
    if (subject.emailKey === undefined) return subject;
    const login = await logins.read<Login>(subject.emailKey, subject.emailKey);
    return login ? { ...subject, accountId: login.accountId } : subject;
  };
}

import type { Credential, Failures } from '../credentials/index.ts';
import {
  asLongAsTheAccount,
  type DataSubject,
  type PersonalDataSource,
  partitionSource,
  scatteredSource,
  staffAndHost,
} from '../personal-data/index.ts';
import type { Document, DocumentStore } from '../platform/cosmos/document-store.ts';
import type { ResetIntent, ResetToken } from './passwords.ts';
import type { Session } from './session.ts';

interface FailureRecord extends Document {
  readonly failures: Failures;
}

/** What is held for signing in. Secrets and their hashes are never shown to anybody: only that they exist, and since when. */
export function sessionSources(database: DocumentStore): readonly PersonalDataSource[] {
  const { runtime } = database;
  /** Failures are counted under the e-mail's pseudonym, or under the account when it takes no sign-ins any more. */
  const failureIds = ({ accountId, emailKey }: DataSubject) => [
    ...(accountId ? [accountId] : []),
    ...(emailKey ? [`account:${emailKey}`] : []),
  ];
  const instants = (failures: Failures) => failures.map((at) => new Date(at).toISOString());

  return [
    partitionSource<Credential>(database, {
      id: 'credential',
      title: { fr: 'Moyens de connexion', en: 'Credentials' },
      category: 'account',
      container: 'accounts',
      documentTypes: ['credential'],
      origin: 'observed',
      purposes: ['D1', 'D9'],
      recipients: staffAndHost,
      retention: asLongAsTheAccount,
      partitionOf: ({ accountId }) => accountId,
      show: ({ passwordChangedAt, lastSignInAt, failures, devices, secondFactor }) => ({
        passwordChangedAt,
        lastSignInAt,
        failedSignIns: instants(failures),
        knownDevices: devices.length,
        secondFactor: secondFactor?.state ?? 'none',
        ...(secondFactor?.state === 'active' ? { recoveryCodesLeft: secondFactor.recoveryHashes.length } : {}),
      }),
    }),
    partitionSource<Session>(database, {
      id: 'sessions',
      title: { fr: 'Sessions ouvertes', en: 'Open sessions' },
      category: 'sessions',
      container: 'accounts',
      documentTypes: ['session'],
      origin: 'observed',
      purposes: ['D1'],
      recipients: staffAndHost,
      retention: {
        fr: 'Jusqu’à la déconnexion ; au plus 14 jours sans usage et 30 jours en tout',
        en: 'Until sign-out; at most 14 days without use and 30 days in all',
      },
      partitionOf: ({ accountId }) => accountId,
      show: ({ id, device, createdAt, lastUsedAt, authenticatedAt, methods, transport, endsAt }) => ({
        id,
        device,
        createdAt,
        lastUsedAt,
        authenticatedAt,
        methods,
        transport,
        endsAt,
      }),
    }),
    partitionSource<ResetToken>(database, {
      id: 'one-time-links',
      title: { fr: 'Liens à usage unique', en: 'One-time links' },
      category: 'account',
      container: 'accounts',
      documentTypes: ['password-reset'],
      origin: 'derived',
      purposes: ['D9'],
      recipients: staffAndHost,
      retention: { fr: 'Une heure', en: 'One hour' },
      partitionOf: ({ accountId }) => accountId,
      show: ({ type, expiresAt }) => ({ kind: type, expiresAt }),
    }),
    scatteredSource<ResetIntent>(database, {
      id: 'password-reset-requests',
      title: { fr: 'Demandes de nouveau mot de passe', en: 'Requests for a new password' },
      category: 'account',
      container: 'runtime',
      documentTypes: ['password-reset-intent'],
      origin: 'observed',
      purposes: ['D9'],
      recipients: staffAndHost,
      retention: { fr: 'Un jour', en: 'One day' },
      show: ({ expiresAt }) => ({ kind: 'password-reset', expiresAt }),
    }),
    {
      id: 'failed-sign-ins',
      title: { fr: 'Tentatives de connexion échouées', en: 'Failed sign-ins' },
      category: 'sessions',
      store: { container: 'runtime', documentTypes: ['account-failures'] },
      origin: 'observed',
      purposes: ['D1'],
      recipients: staffAndHost,
      retention: { fr: 'Un jour', en: 'One day' },
      onErasure: { kind: 'erase' },
      async *collect(subject) {
        for (const id of failureIds(subject)) {
          const found = await runtime.read<FailureRecord>(id, id);
          if (found) yield { at: instants(found.failures) };
        }
      },
      async erase(subject) {
        const removed = await Promise.all(failureIds(subject).map((id) => runtime.remove(id, id)));
        return { erased: removed.filter(({ outcome }) => outcome === 'written').length, more: false };
      },
    },
  ];
}

import type { Account, AccountStore } from '../accounts/index.ts';
import {
  acceptedStep,
  type Credential,
  type FailureCounter,
  passwordMatches,
  retryAfterSeconds,
  type SourceThrottle,
  withFailure,
  withoutRecoveryCode,
} from '../credentials/index.ts';
import type { Stored } from '../platform/cosmos/document-store.ts';
import { unseal } from '../platform/keys/sealing.ts';

/** What a person gives to prove who they are. */
export interface Proof {
  readonly password: string;
  readonly otp?: string | undefined;
  readonly source: string;
}

export type Denied =
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'otp-required' }
  | { readonly outcome: 'wait'; readonly retryAfterSeconds: number };

export interface Proved {
  readonly outcome: 'proved';
  readonly account: Stored<Account>;
  /** The credential as it must be written, conditionally, for the proof to count: failures cleared, the code used up. */
  readonly credential: Stored<Credential>;
  readonly methods: readonly string[];
  readonly recoveryCodesLeft?: number;
}

/** Where the account is found: by its e-mail's pseudonym, or because the person is signed in already. */
export type Subject = { readonly loginId: string } | { readonly accountId: string };

interface ProofPlatform {
  readonly store: AccountStore;
  /** Of e-mails that have no account. */
  readonly counter: FailureCounter;
  readonly sources: SourceThrottle;
  readonly dataKey: Buffer;
}

export const secretContext = (accountId: string) => `totp:${accountId}`;

/**
 * Proves a person's identity by password and, where enabled, second factor, throttled per account and per source.
 *
 * The same steps are taken whether or not the e-mail has an account: two reads, one Argon2id, and on failure one count for the account and one
 * for the source (the count of an unknown account is read beside them). Each count is conditional: under parallel guesses only as many failures are told as the rule allows, and
 * a success only counts once its own conditional write has gone through ({@link Proved.credential}).
 */
export function identityProof({ store, counter, sources, dataKey }: ProofPlatform) {
  /** The account in use that is meant, if there is one, and the failures that count against it or against the e-mail. */
  async function find(subject: Subject, now: Date) {
    const login = 'loginId' in subject ? await store.login(subject.loginId) : subject;
    const unknownId = 'loginId' in subject ? `account:${subject.loginId}` : subject.accountId;
    // Without an account the same query is made, which finds nothing: it takes as long.
    const [found, failures] = await Promise.all([
      store.accountWithCredential(login?.accountId ?? unknownId),
      login ? undefined : counter.failures(unknownId, now),
    ]);
    if (found?.account.status === 'active') return { known: found, failures: found.credential.failures, unknownId };
    return { known: undefined, failures: failures ?? (await counter.failures(unknownId, now)), unknownId };
  }

  /** Counts a failure against an account; a wait when others had already used up the tries. */
  async function countFailure(accountId: string, now: Date): Promise<Denied> {
    for (;;) {
      const credential = await store.credential(accountId);
      if (!credential) return { outcome: 'refused' };
      const wait = retryAfterSeconds(credential.failures, now);
      if (wait > 0) return { outcome: 'wait', retryAfterSeconds: wait };
      const counted: Credential = { ...credential, failures: withFailure(credential.failures, now) };
      const { outcome } = await store.write(accountId, [{ replace: counted, etag: credential._etag }]);
      if (outcome === 'written') return { outcome: 'refused' };
    }
  }

  async function useSecondFactor(account: Account, credential: Credential, otp: string, now: Date) {
    const { secondFactor } = credential;
    if (secondFactor?.state !== 'active') return undefined;
    const secret = unseal(dataKey, secretContext(account.accountId), secondFactor.sealedSecret);
    const step = await acceptedStep(secret, otp, secondFactor.lastStep, now);
    if (step !== undefined) return { secondFactor: { ...secondFactor, lastStep: step } };
    const recoveryHashes = withoutRecoveryCode(secondFactor.recoveryHashes, otp);
    return (
      recoveryHashes && { secondFactor: { ...secondFactor, recoveryHashes }, recoveryCodesLeft: recoveryHashes.length }
    );
  }

  return {
    async prove(subject: Subject, proof: Proof, now: Date): Promise<Proved | Denied> {
      const result = await sources.guard<Proved | Denied>(proof.source, now, async (failed) => {
        const { known, failures, unknownId } = await find(subject, now);
        const wait = retryAfterSeconds(failures, now);
        if (wait > 0) return { outcome: 'wait', retryAfterSeconds: wait };

        const refuse = async (): Promise<Denied> => {
          const bySource = await failed();
          const byAccount: Denied = known
            ? await countFailure(known.account.accountId, now)
            : await countUnknown(unknownId, now);
          return bySource.counted ? byAccount : { outcome: 'wait', retryAfterSeconds: bySource.retryAfterSeconds };
        };
        if (!(await passwordMatches(known?.credential.passwordHash, proof.password)) || !known) return refuse();

        const cleared: Stored<Credential> = { ...known.credential, failures: [] };
        // A slip has the same instant on both counts.
        const forgive = () => sources.forgive(proof.source, failures, now);
        if (known.credential.secondFactor?.state !== 'active') {
          await forgive();
          return { outcome: 'proved', account: known.account, credential: cleared, methods: ['pwd'] };
        }
        if (proof.otp === undefined) return { outcome: 'otp-required' };
        const used = await useSecondFactor(known.account, known.credential, proof.otp, now);
        if (!used) return refuse();
        await forgive();
        const { secondFactor, ...more } = used;
        return {
          outcome: 'proved',
          account: known.account,
          credential: { ...cleared, secondFactor },
          methods: ['pwd', 'otp'],
          ...more,
        };
      });
      return 'outcome' in result ? result : { outcome: 'wait', ...result };
    },
  };

  async function countUnknown(id: string, now: Date): Promise<Denied> {
    const counted = await counter.count(id, now);
    return counted.counted ? { outcome: 'refused' } : { outcome: 'wait', retryAfterSeconds: counted.retryAfterSeconds };
  }
}

export type IdentityProof = ReturnType<typeof identityProof>;

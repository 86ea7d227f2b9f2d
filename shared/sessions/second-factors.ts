import type { AccountStore } from '../accounts/index.ts';
import { acceptedStep, type Credential, enrol, hashRecoveryCode, newRecoveryCodes } from '../credentials/index.ts';
import { type Notification, newNotification } from '../notifications/index.ts';
import type { AccountId } from '../platform/ids.ts';
import { seal, unseal } from '../platform/keys/sealing.ts';
import { secretContext } from './identity-proof.ts';

interface SecondFactorPlatform {
  readonly store: AccountStore;
  readonly dataKey: Buffer;
  readonly issuerName: string;
}

/** The second factor that a person may add: TOTP (RFC 6238) with recovery codes. */
export function secondFactorUseCases({ store, dataKey, issuerName }: SecondFactorPlatform) {
  return {
    /** Begins an enrolment; it counts only once a code has been confirmed. `active` when one is enabled already. */
    async begin(
      accountId: AccountId,
    ): Promise<{ outcome: 'begun'; secret: string; otpauthUrl: string } | { outcome: 'active' }> {
      for (;;) {
        const found = await store.accountWithCredential(accountId);
        if (!found || found.credential.secondFactor?.state === 'active') return { outcome: 'active' };
        const enrolment = await enrol(issuerName, found.account.profile.email);
        const enrolling: Credential = {
          ...found.credential,
          secondFactor: {
            state: 'enrolling',
            sealedSecret: seal(dataKey, secretContext(accountId), enrolment.secret),
            lastStep: 0,
            recoveryHashes: [],
          },
        };
        const { outcome } = await store.write(accountId, [{ replace: enrolling, etag: found.credential._etag }]);
        if (outcome === 'written') return { outcome: 'begun', ...enrolment };
      }
    },

    /** Enables the factor with a first code; answers the recovery codes, which are shown this once. */
    async confirm(
      accountId: AccountId,
      code: string,
      now: Date,
    ): Promise<
      | { outcome: 'enabled'; recoveryCodes: readonly string[]; notification: Notification }
      | { outcome: 'not-begun' | 'wrong-code' }
    > {
      for (;;) {
        const credential = await store.credential(accountId);
        const enrolling = credential?.secondFactor;
        if (!credential || enrolling?.state !== 'enrolling') return { outcome: 'not-begun' };
        const secret = unseal(dataKey, secretContext(accountId), enrolling.sealedSecret);
        const lastStep = await acceptedStep(secret, code, enrolling.lastStep, now);
        if (lastStep === undefined) return { outcome: 'wrong-code' };
        const recoveryCodes = newRecoveryCodes();
        const enabled: Credential = {
          ...credential,
          secondFactor: {
            ...enrolling,
            state: 'active',
            lastStep,
            recoveryHashes: recoveryCodes.map(hashRecoveryCode),
          },
        };
        const notification = newNotification(
          dataKey,
          'second-factor-enabled',
          { parameters: { at: now.toISOString() } },
          now,
        );
        const { outcome } = await store.write(accountId, [
          { replace: enabled, etag: credential._etag },
          { create: notification },
        ]);
        if (outcome === 'written') return { outcome: 'enabled', recoveryCodes, notification };
      }
    },

    /** Removes the factor, or an enrolment that was begun. */
    async remove(
      accountId: AccountId,
      now: Date,
    ): Promise<{ outcome: 'removed'; notification?: Notification } | { outcome: 'none' }> {
      for (;;) {
        const credential = await store.credential(accountId);
        if (!credential?.secondFactor) return { outcome: 'none' };
        const { secondFactor, ...rest } = credential;
        const notification =
          secondFactor.state === 'active'
            ? newNotification(dataKey, 'second-factor-disabled', { parameters: { at: now.toISOString() } }, now)
            : undefined;
        const { outcome } = await store.write(accountId, [
          { replace: rest, etag: credential._etag },
          ...(notification ? [{ create: notification }] : []),
        ]);
        if (outcome === 'written') return { outcome: 'removed', ...(notification ? { notification } : {}) };
      }
    },

    async state(accountId: AccountId): Promise<'none' | 'enrolling' | 'active'> {
      return (await store.credential(accountId))?.secondFactor?.state ?? 'none';
    },
  };
}

export type SecondFactorUseCases = ReturnType<typeof secondFactorUseCases>;

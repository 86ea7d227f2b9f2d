import type { ProcessingChoices } from '../accounts/index.ts';
import type { Document } from '../platform/cosmos/document-store.ts';
import type { WorkHandler } from '../platform/pending-work.ts';
import type { RestrictionLifting, RightsRequest } from './case.ts';
import type { CaseStore } from './case-store.ts';

interface RestrictionEndPlatform {
  readonly store: CaseStore;
  readonly choices: ProcessingChoices;
}

/** Lifts a restriction when its time has come, never before the mail that tells of it was delivered (art. 18(3)). */
export function restrictionEnd({ store, choices }: RestrictionEndPlatform) {
  /** Whether another request of the same account keeps its data restricted. */
  async function isRestrictedOtherwise({ subject, requestId }: RightsRequest): Promise<boolean> {
    const { items } = await store.container.query<RightsRequest>({
      text: "SELECT * FROM c WHERE c.subject = @subject AND c.requestType = 'restriction'",
      parameters: { subject },
    });
    return items.some((other) => other.requestId !== requestId && other.restriction !== undefined);
  }

  return {
    lifting: (async (work, { container, partition }, now) => {
      const { noticeId } = work as typeof work & RestrictionLifting;
      const notice = noticeId && (await container.read<Document & { deliveredAt?: string }>(partition, noticeId));
      if (notice && notice.deliveredAt === undefined) throw new Error('the person has not been told yet');
      const request = await store.read(partition);
      if (!request?.restriction) {
        await container.remove(partition, work.id, work._etag);
        return;
      }
      if (request.accountId && !(await isRestrictedOtherwise(request)))
        await choices.liftRestriction(request.accountId);
      await store.change(partition, now, ({ restriction: _lifted, ...current }) => ({
        next: current,
        actor: { kind: 'system' },
        action: 'restriction-lifted',
        steps: [{ remove: work.id, etag: work._etag }],
      }));
    }) satisfies WorkHandler,
  };
}

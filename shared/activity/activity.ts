import type { Document, DocumentContainer } from '../platform/cosmos/document-store.ts';
import { type AccountId, newId } from '../platform/ids.ts';
import { keyedHash } from '../platform/keys/secrets.ts';
import { type ActivityKind, endOf, isMeasurable } from './rules.ts';

const EVENTS_A_PAGE = 500;

/** One thing that a person did in the extranet, in the person's own partition, under a pseudonym. */
export interface ActivityEvent extends Document {
  readonly type: 'activity-event';
  readonly at: string;
  readonly kind: ActivityKind;
  /** The extranet's section, without query or fragment. */
  readonly path: string;
  /** The person's company: the dimension that statistics are told by. */
  readonly company: string;
  readonly expiresAt: string;
}

/** An event as reported. */
export interface ReportedEvent {
  readonly type: ActivityKind;
  readonly path: string;
  readonly at: string;
}

/** The partition of a person's events: a keyed pseudonym, so that the account id is not in the container. */
export function activitySubject(key: Buffer, accountId: AccountId): string {
  return keyedHash(key, 'activity-of-account', accountId);
}

/** The intake of raw activity (clause H1). That the person agreed is the caller's business: the processing gate is asked before. */
export function activityLog({ activity, loginKey }: { activity: DocumentContainer; loginKey: Buffer }) {
  return {
    /** Keeps what is measurable of at most 100 events, in one batch. Answers how many that were. */
    async record(
      { accountId, company }: { readonly accountId: AccountId; readonly company: string },
      events: readonly ReportedEvent[],
      now: Date,
    ): Promise<number> {
      const kept = events.filter(({ at }) => isMeasurable(new Date(at), now));
      if (kept.length === 0) return 0;
      const documents = kept.map(({ type: kind, path, at }): ActivityEvent => {
        const instant = new Date(at);
        return {
          id: newId('evt'),
          type: 'activity-event',
          at: instant.toISOString(),
          kind,
          path,
          company,
          expiresAt: endOf(instant).toISOString(),
        };
      });
      const subject = activitySubject(loginKey, accountId);
      await activity.batch(
        subject,
        documents.map((create) => ({ create })),
      );
      return kept.length;
    },

    /** What a person did from one instant to another, `to` not included. */
    async *between(accountId: AccountId, from: Date, to: Date): AsyncGenerator<ActivityEvent> {
      let continuation: string | undefined;
      do {
        const page = await activity.query<ActivityEvent>({
          text: "SELECT * FROM c WHERE c.type = 'activity-event' AND c.at >= @from AND c.at < @to",
          parameters: { from: from.toISOString(), to: to.toISOString() },
          partition: activitySubject(loginKey, accountId),
          limit: EVENTS_A_PAGE,
          ...(continuation ? { continuation } : {}),
        });
        yield* page.items;
        continuation = page.continuation;
      } while (continuation);
    },
  };
}

export type ActivityLog = ReturnType<typeof activityLog>;

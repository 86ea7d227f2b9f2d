import * as z from 'zod/mini';
import type { Account } from '../../shared/accounts/index.ts';
import { type ActivityLog, activityKinds } from '../../shared/activity/index.ts';
import type { Stored } from '../../shared/platform/cosmos/document-store.ts';
import type { AccountOf } from '../../shared/platform/http/authentication.ts';
import { type Route, route, user } from '../../shared/platform/http/route.ts';
import type { ProcessingGate } from '../../shared/processing-gate/index.ts';
import { charterPurposes, legalBases, type ServicePurposes } from '../../shared/purposes/index.ts';
import { instant } from './schemas.ts';

interface ActivityServices {
  readonly activity: ActivityLog;
  readonly gate: ProcessingGate;
  readonly purposes: ServicePurposes;
  readonly accountOf: AccountOf<Stored<Account>>;
}

/** The consent that measuring needs, and the charter's purpose that the person may object to or have restricted. */
const MEASURING = ['audience-measurement', 'D8'] as const;
const MAX_EVENTS = 100;
/** A section of the extranet: no query, no fragment, nothing that could say more about a person than where they are. */
const path = z.string().check(z.maxLength(200), z.regex(/^\/[\w\-./~%]*$/));

/** What the person's data may be used for, and the activity that is measured with their consent (clauses D2-D6, H1). */
export function activityRoutes({ activity, gate, purposes, accountOf }: ActivityServices): readonly Route[] {
  return [
    route({
      name: 'activity',
      method: 'POST',
      path: '/api/v1/activity',
      topic: 'activity',
      summary:
        'Takes in page views, visits and actions (H1) where the person agrees to be measured, and drops the rest.',
      caller: user,
      idempotent: true,
      body: z.strictObject({
        events: z
          .array(z.strictObject({ type: z.enum(activityKinds), path, at: instant }))
          .check(z.minLength(1), z.maxLength(MAX_EVENTS)),
      }),
      answers: {
        202: {
          description: 'How many were taken in: none without consent, none older than a day',
          schema: z.strictObject({ accepted: z.int(), dropped: z.int() }),
        },
      },
      async handle({ caller, body, now }) {
        const account = accountOf(caller);
        const permissions = await gate.askAll(account, MEASURING, now);
        const isPermitted = permissions.every((permission) => permission === 'permitted');
        const who = { accountId: caller.accountId, company: account.profile.company };
        const accepted = isPermitted ? await activity.record(who, body.events, now) : 0;
        return { status: 202, body: { accepted, dropped: body.events.length - accepted } };
      },
    }),
    route({
      name: 'me-purposes',
      method: 'GET',
      path: '/api/v1/me/purposes',
      topic: 'activity',
      summary:
        'For which purposes the person’s data may be used now, and why not for the others: what the front end asks first.',
      caller: user,
      answers: {
        200: {
          description: 'Every purpose with its basis and what the processing gate says',
          schema: z.strictObject({
            items: z.array(
              z.strictObject({
                id: z.string(),
                title: z.string(),
                legalBasis: z.enum(legalBases),
                permission: z.enum(['permitted', 'account-closed', 'restricted', 'objected', 'not-consented']),
              }),
            ),
          }),
        },
      },
      async handle({ caller, language, now }) {
        const all = [...charterPurposes, ...(await purposes.all())];
        const ids = all.map(({ id }) => id);
        const permissions = await gate.askAll(accountOf(caller), ids, now);
        const items = all.flatMap(({ id, title, legalBasis }, index) => {
          const permission = permissions[index];
          return permission ? [{ id, title: title[language], legalBasis, permission }] : [];
        });
        return { status: 200, body: { items } };
      },
    }),
  ];
}

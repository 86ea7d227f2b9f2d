import * as z from 'zod/mini';
import type { AuditLog } from '../../shared/audit/index.ts';
import { type Announcement, type MailFanOut, newMailFanOut } from '../../shared/notifications/index.ts';
import type { Config } from '../../shared/platform/config.ts';
import type { DocumentContainer } from '../../shared/platform/cosmos/document-store.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import { type Route, route, staff } from '../../shared/platform/http/route.ts';
import { instant, multilineText, text } from './schemas.ts';

/** The partition of `governance` in which announcements wait to be sent. */
const ANNOUNCEMENT_KIND = 'announcement';

const topic = z.string().check(z.regex(/^[a-z][\w-]{0,59}$/));
const inBoth = <Schema extends z.ZodMiniType>(schema: Schema) => z.strictObject({ fr: schema, en: schema });

interface AnnouncementServices {
  readonly config: Pick<Config, 'dataKey' | 'siteUrl'>;
  readonly governance: DocumentContainer;
  readonly audit: AuditLog;
  readonly nudge: (kind: string, id: string) => void;
}

/**
 * Mails to all users: about the services and their changes, which are part of the contract (D5), and about content, which only those get who have agreed
 * to suggestions and have not turned the topic off (D4).
 */
export function announcementRoutes({ config, governance, audit, nudge }: AnnouncementServices): readonly Route[] {
  return [
    route({
      name: 'desk-announcements',
      method: 'POST',
      path: '/api/v1/desk/announcements',
      topic: 'announcements',
      summary:
        'Tells users by mail of a change of the services (D5), or of content (D4), each as their choices permit.',
      caller: staff('publisher'),
      idempotent: true,
      body: z.strictObject({
        kind: z.enum(['service', 'news']),
        topic,
        subject: inBoth(text(150)),
        message: inBoth(multilineText(5_000)),
        link: z.optional(z.string().check(z.maxLength(500), z.url())),
      }),
      answers: {
        202: {
          description: 'The mails are on their way',
          schema: z.strictObject({ id: z.string(), kind: z.enum(['service', 'news']), topic: z.string(), at: instant }),
        },
      },
      problems: ['unprocessable'],
      async handle({ body: { kind, link, ...words }, caller, now }) {
        if (link !== undefined && new URL(link).origin !== new URL(config.siteUrl).origin) {
          throw new Problem('unprocessable', { errors: [{ path: 'link', message: 'not of the extranet' }] });
        }
        const fanOut = announcementMail(kind, link === undefined ? words : { ...words, link });
        const actor = { kind: 'staff', id: caller.staffId, roles: caller.roles } as const;
        await audit.record({ actor, action: 'announcement-sent', resource: fanOut.id, outcome: 'allowed' }, now);
        await governance.create(ANNOUNCEMENT_KIND, fanOut);
        nudge(ANNOUNCEMENT_KIND, fanOut.id);
        return { status: 202, body: { id: fanOut.id, kind, topic: words.topic, at: now.toISOString() } };

        function announcementMail(of: typeof kind, parameters: Announcement): MailFanOut {
          const audience = { kind: 'everyone' } as const;
          const { dataKey, siteUrl } = config;
          if (of === 'service') return newMailFanOut(dataKey, 'service-announcement', { parameters, audience }, now);
          const preferencesLink = `${siteUrl}/account/preferences`;
          return newMailFanOut(
            dataKey,
            'content-news',
            { parameters: { ...parameters, preferencesLink }, audience },
            now,
          );
        }
      },
    }),
  ];
}

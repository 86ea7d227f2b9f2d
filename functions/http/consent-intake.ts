import * as z from 'zod/mini';
import {
  answers,
  type ConsentSubject,
  type ConsentUseCases,
  type GivenChoice,
  type Recorded,
} from '../../shared/consents/index.ts';
import { VISITOR_COOKIE } from '../../shared/cookies/index.ts';
import type { CallAllowance } from '../../shared/platform/call-allowance.ts';
import { secondsUntil } from '../../shared/platform/clock.ts';
import type { CorsPolicy } from '../../shared/platform/http/cors.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import type { AnonymousCaller, CookieToSet, UserCaller } from '../../shared/platform/http/route.ts';
import { isId, type VisitorId } from '../../shared/platform/ids.ts';
import type { Language } from '../../shared/platform/language.ts';
import { language, text } from './schemas.ts';

/** More purposes than any notice has. */
const MAX_CHOICES = 50;

/** What a choice is sent as. `visitorId` is for `sendBeacon`, which can set no header. */
export const choiceBody = z.strictObject({
  noticeVersion: text(40),
  language,
  choices: z
    .record(z.string().check(z.regex(/^(?!__proto__$)[\w.-]{1,60}$/)), z.enum(answers))
    .check(z.refine((given) => Object.keys(given).length > 0 && Object.keys(given).length <= MAX_CHOICES)),
  mechanism: text(60),
  client: z.optional(z.strictObject({ name: text(100), version: text(60), configHash: text(200) })),
  visitorId: z.optional(z.string().check(z.regex(/^vis_[\w-]{22}$/))),
});

/** What of a request says who sends it and from where. */
export interface Asking {
  readonly caller: UserCaller | AnonymousCaller;
  readonly header: (name: string) => string | undefined;
  readonly cookie: (name: string) => string | undefined;
  readonly source: string;
  readonly language: Language;
  readonly now: Date;
}

/** Who asks: by token, and by the device's id in the header, the body or the cookie. Throws `invalid-request` for what is no such id. */
export function subjectOf({ caller, header, cookie }: Asking, inBody?: string): ConsentSubject {
  const given = header('x-visitor-id') ?? inBody;
  if (given !== undefined && !isId('vis', given))
    throw new Problem('invalid-request', { errors: [{ path: 'X-Visitor-Id', message: 'vis_…' }] });
  const kept = cookie(VISITOR_COOKIE);
  const device = given ?? (kept !== undefined && isId('vis', kept) ? kept : undefined);
  return {
    ...(caller.kind === 'user' ? { accountId: caller.accountId } : {}),
    ...(device === undefined ? {} : { visitorId: device as VisitorId }),
  };
}

/** `Sec-GPC`: only the exact value counts (W3C Global Privacy Control). */
export const signalsOf = ({ header }: Pick<Asking, 'header'>) => ({ gpc: header('sec-gpc') === '1' });

interface IntakePlatform {
  readonly consents: ConsentUseCases;
  readonly allowance: CallAllowance;
  readonly cors: CorsPolicy;
  readonly publicUrl: string;
}

/** Takes choices in, from our own route and from those that consent modules speak to. */
export function consentIntake({ consents, allowance, cors, publicUrl }: IntakePlatform) {
  const isOurs = (origin: string) => cors.allows(origin) || origin === publicUrl;

  /** Lives as long as the choice; later visits do not prolong it. */
  const cookieFor = (value: VisitorId, expiresAt: string, now: Date): CookieToSet => ({
    name: VISITOR_COOKIE,
    value,
    maxAgeSeconds: secondsUntil(now, new Date(expiresAt)),
  });

  /**
   * Keeps a page elsewhere from choosing for somebody by their cookie, and one source from filling the store. Throws `forbidden` or
   * `too-many-requests`.
   */
  async function admit(asking: Asking): Promise<void> {
    const origin = asking.header('origin');
    if (origin !== undefined && asking.cookie(VISITOR_COOKIE) !== undefined && !isOurs(origin))
      throw new Problem('forbidden');
    const who = asking.caller.kind === 'user' ? asking.caller.accountId : asking.source;
    const retryAfterSeconds = await allowance.count(who, asking.now);
    if (retryAfterSeconds > 0) throw new Problem('too-many-requests', { retryAfterSeconds });
  }

  return {
    admit,
    cookieFor,

    /** Records a choice. Throws what `POST /api/v1/consents` answers. */
    async record(asking: Asking, given: Omit<GivenChoice, 'signals'>, visitorInBody?: string) {
      const subject = subjectOf(asking, visitorInBody);
      await admit(asking);
      const result = await consents.decide(subject, { ...given, signals: signalsOf(asking) }, asking.now);
      if (result.outcome !== 'recorded') throw refused(result, asking.language);
      const { id, decidedAt, askAgainAt, endsAt: expiresAt } = result.decision;
      const isOnDevice = subject.accountId === undefined || subject.visitorId !== undefined;
      return {
        recorded: { id, visitorId: result.visitorId, choices: result.choices, decidedAt, askAgainAt, expiresAt },
        cookies: isOnDevice ? [cookieFor(result.visitorId, expiresAt, asking.now)] : [],
      };
    },
  };
}

export type ConsentIntake = ReturnType<typeof consentIntake>;

function refused(result: Exclude<Recorded, { outcome: 'recorded' }>, reader: Language): Problem {
  const fault = (path: string, fr: string, en: string) => ({ path, message: reader === 'fr' ? fr : en });
  const errors =
    result.outcome === 'unknown-notice'
      ? [fault('noticeVersion', 'version jamais publiée', 'never published')]
      : result.purposes.map((purpose) =>
          fault(`choices.${purpose}`, 'aucun choix n’est proposé pour cette finalité', 'no choice is offered for it'),
        );
  return new Problem('unprocessable', { errors });
}

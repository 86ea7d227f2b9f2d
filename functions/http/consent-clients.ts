import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import {
  type ConsentClient,
  consentClientScript,
  type KlaroChoice,
  klaroChoice,
  klaroConfig,
  klaroConfigId,
  readKlaroConfigId,
  type ShownNotice,
} from '../../shared/consents/clients/index.ts';
import { anyone, type CookieToSet, type Route, route } from '../../shared/platform/http/route.ts';
import type { Language } from '../../shared/platform/language.ts';
import { instant, text } from './schemas.ts';

/** A choice as a consent module reports it; what `POST /api/v1/consents` takes. */
export interface ReportedChoice extends KlaroChoice {
  readonly noticeVersion: string;
  readonly language: Language;
  readonly client?: { readonly name: string; readonly version: string; readonly configHash: string };
}

/** Who reports a choice: what the request says of it. */
export interface Reporter {
  readonly cookie: (name: string) => string | undefined;
  readonly header: (name: string) => string | undefined;
  readonly source: string;
  readonly now: Date;
}

interface ConsentClientServices {
  /** The cookie notice in force. */
  readonly notice: (now: Date) => Promise<ShownNotice>;
  /** Puts a choice on record. Throws what `POST /api/v1/consents` throws. */
  readonly recordChoice: (
    choice: ReportedChoice,
    reporter: Reporter,
  ) => Promise<{
    readonly id: string;
    readonly visitorId: string;
    readonly decidedAt: string;
    readonly askAgainAt: string;
    readonly expiresAt: string;
    readonly cookies?: readonly CookieToSet[];
  }>;
}

const YEAR = 31_536_000;
const WEEK = 604_800;
const managerId = z.strictObject({ id: text(64).check(z.regex(/^[\w-]+$/)) });

/**
 * Consent modules out of the box (H7): the scripts for tarteaucitron.js and vanilla-cookieconsent, and the two routes that klaro speaks
 * to by itself. docs/consent-clients.md says how a page includes them.
 */
export function consentClientRoutes({ notice, recordChoice }: ConsentClientServices): readonly Route[] {
  return [
    scriptRoute('tarteaucitron', '/api/v1/consent-clients/tarteaucitron.js'),
    scriptRoute('cookieconsent', '/api/v1/consent-clients/cookieconsent.js'),
    route({
      name: 'klaro-config',
      method: 'GET',
      path: '/v1/privacy-managers/{id}/config.json',
      topic: 'consents',
      summary:
        'The cookie notice in force as a klaro configuration; its id names the notice and the configuration’s hash.',
      caller: anyone,
      params: managerId,
      query: z.object({ name: z.optional(text(100)), testing: z.optional(text(10)) }),
      cacheSeconds: 60,
      answers: {
        200: {
          description: 'klaro 0.7 configuration',
          schema: z.looseObject({
            id: z.string(),
            name: z.string(),
            services: z.array(z.looseObject({ name: z.string(), required: z.boolean() })),
          }),
        },
      },
      async handle({ query, now }) {
        const shown = await notice(now);
        const config = klaroConfig(shown, query.name ?? 'default');
        const hash = createHash('sha256').update(JSON.stringify(config)).digest('hex');
        return { status: 200, body: { id: klaroConfigId(shown.noticeVersion, hash), ...config } };
      },
    }),
    route({
      name: 'klaro-submit',
      method: 'POST',
      path: '/v1/privacy-managers/{id}/submit',
      topic: 'consents',
      summary: 'What a person chose in klaro goes on record; that klaro was shown or ran by script does not.',
      caller: anyone,
      params: managerId,
      alsoPlainText: true,
      // klaro's own protocol: what we have no use for (paths, hosts) is read over and kept nowhere.
      body: z.object({
        user_data: z.optional(z.object({ client_version: z.optional(text(40)) })),
        consent_data: z.object({
          type: text(40),
          consents: z.record(z.string(), z.boolean()),
          changes: z.optional(z.record(z.string(), z.boolean())),
          config: z.optional(text(200)),
        }),
      }),
      answers: {
        200: { description: 'Nobody chose anything', schema: z.strictObject({ recorded: z.literal(false) }) },
        201: {
          description: 'On record',
          schema: z.strictObject({
            recorded: z.literal(true),
            id: z.string(),
            visitorId: z.string(),
            decidedAt: instant,
            askAgainAt: instant,
            expiresAt: instant,
          }),
        },
      },
      problems: ['unprocessable', 'too-many-requests'],
      async handle({ body: { consent_data, user_data }, language, now, cookie, header, source }) {
        const shown = await notice(now);
        const choice = klaroChoice(consent_data, shown.purposes.fr);
        if (!choice) return { status: 200, body: { recorded: false } };
        const config = readKlaroConfigId(consent_data.config);
        const { cookies = [], ...recorded } = await recordChoice(
          {
            ...choice,
            language,
            noticeVersion: config?.noticeVersion ?? shown.noticeVersion,
            ...(config
              ? {
                  client: {
                    name: 'klaro',
                    version: user_data?.client_version ?? 'unknown',
                    configHash: config.configHash,
                  },
                }
              : {}),
          },
          { cookie, header, source, now },
        );
        return { status: 201, cookies, body: { recorded: true, ...recorded } };
      },
    }),
  ];
}

function scriptRoute(client: ConsentClient, path: `/${string}`): Route {
  const { source, version } = consentClientScript(client);
  return route({
    name: `consent-client-${client}`,
    method: 'GET',
    path,
    topic: 'consents',
    summary: `The script that records what people choose in ${client}; its Subresource Integrity hash is in docs/consent-clients.md.`,
    caller: anyone,
    query: z.object({ v: z.optional(text(64)) }),
    entityTag: 'read',
    answers: { 200: { description: 'JavaScript', contentType: 'text/javascript; charset=utf-8' } },
    async handle({ query }) {
      // Under an address that names its bytes a script never changes; without, a page may hold an old one for a week.
      const caching = query.v === version ? `max-age=${YEAR}, immutable` : `max-age=${query.v ? 60 : WEEK}`;
      return {
        status: 200,
        headers: {
          'Cache-Control': `public, ${caching}`,
          // For everybody, and readable: a page can only hold a script to its hash when it may read it.
          'Cross-Origin-Resource-Policy': 'cross-origin',
          'Access-Control-Allow-Origin': '*',
          Vary: 'Accept-Encoding',
        },
        body: source,
      };
    },
  });
}

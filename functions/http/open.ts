import * as z from 'zod/mini';
import { type Account, loginIdOf } from '../../shared/accounts/index.ts';
import { controllerInformation } from '../../shared/controller/index.ts';
import { newNotification } from '../../shared/notifications/index.ts';
import type { Config } from '../../shared/platform/config.ts';
import type { DocumentContainer, Stored } from '../../shared/platform/cosmos/document-store.ts';
import type { Health } from '../../shared/platform/health.ts';
import type { AccountOf } from '../../shared/platform/http/authentication.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import { anyone, anyoneOrUser, type Route, route } from '../../shared/platform/http/route.ts';
import { newId } from '../../shared/platform/ids.ts';
import type { ServicePurposes } from '../../shared/purposes/index.ts';
import { email, instant, multilineText, text } from './schemas.ts';

interface OpenServices {
  readonly config: Config;
  readonly version: string;
  readonly health: Health;
  readonly runtime: DocumentContainer;
  readonly purposes: Pick<ServicePurposes, 'besideCharter'>;
  readonly accountOf: AccountOf<Stored<Account>>;
  readonly nudgeRuntime: (id: string) => void;
  /** All routes, these included: what the OpenAPI document describes. */
  readonly routes: () => Promise<readonly Route[]>;
}

const check = z.enum(['ok', 'down']);
const checks = z.strictObject({
  database: check,
  storage: check,
  jobs: z.enum(['ok', 'late', 'unknown']),
  lateJobs: z.optional(z.array(z.string())),
});

/** What everybody may read: who is responsible, the contract, the state of the service; and the question to the DPO (B1, B2, C2, J1). */
export function openRoutes(services: OpenServices): readonly Route[] {
  const { config, version, health, runtime, purposes, accountOf, nudgeRuntime, routes } = services;
  const describe = async () => {
    const { openApiDocument } = await import('../../shared/platform/http/openapi.ts');
    return openApiDocument(await routes(), { title: 'Extranet privacy API', version, serverUrl: config.publicUrl });
  };
  let described: ReturnType<typeof describe> | undefined;
  const openApi = () => {
    described ??= describe();
    return described;
  };

  return [
    route({
      name: 'health',
      method: 'GET',
      path: '/api/health',
      topic: 'service',
      summary: 'Whether the service and what it stands on are up, and its timers run.',
      caller: anyone,
      answers: {
        200: {
          description: 'Up',
          schema: z.strictObject({
            status: z.enum(['ok', 'degraded']),
            version: z.string(),
            checks,
          }),
        },
        503: {
          description: 'Something is down',
          schema: z.strictObject({
            status: z.literal('down'),
            version: z.string(),
            checks,
          }),
        },
      },
      async handle() {
        const checks = await health.check();
        const up = checks.database === 'ok' && checks.storage === 'ok';
        const status = checks.jobs === 'late' ? 'degraded' : 'ok';
        return up
          ? { status: 200, body: { status, version, checks } }
          : { status: 503, headers: { 'Retry-After': '5' }, body: { status: 'down', version, checks } };
      },
    }),
    route({
      name: 'openapi',
      method: 'GET',
      path: '/api/openapi.json',
      topic: 'service',
      summary: 'This contract as OpenAPI 3.1.',
      caller: anyone,
      cacheSeconds: 60,
      answers: { 200: { description: 'OpenAPI 3.1', schema: z.looseObject({ openapi: z.string() }) } },
      async handle() {
        return { status: 200, body: (await openApi()) as { openapi: string } };
      },
    }),
    route({
      name: 'docs',
      method: 'GET',
      path: '/api/docs',
      topic: 'service',
      summary: 'This contract as a page to read.',
      caller: anyone,
      cacheSeconds: 60,
      answers: { 200: { description: 'HTML', contentType: 'text/html; charset=utf-8' } },
      async handle() {
        const { docsPage } = await import('../../shared/platform/http/docs-page.ts');
        return { status: 200, body: docsPage(await openApi()) };
      },
    }),
    route({
      name: 'controller',
      method: 'GET',
      path: '/api/v1/controller',
      topic: 'charter',
      summary: 'The controller, the purposes and their bases, the mandatory fields, the recourse to the CNIL.',
      caller: anyone,
      cacheSeconds: 60,
      answers: {
        200: { description: 'Who is responsible, and for what', schema: z.looseObject({ name: z.string() }) },
      },
      async handle({ language }) {
        return {
          status: 200,
          headers: { 'Content-Language': language, Vary: 'Accept-Language' },
          body: controllerInformation(config.controller, await purposes.besideCharter(), language),
        };
      },
    }),
    route({
      name: 'contact',
      method: 'POST',
      path: '/api/v1/contact',
      topic: 'charter',
      summary: 'A question to the DPO (J1); a mail confirms that it arrived.',
      caller: anyoneOrUser,
      idempotent: true,
      body: z.strictObject({
        subject: z.optional(text(200)),
        message: multilineText(5_000),
        contact: z.optional(z.strictObject({ email, givenName: text(100), familyName: text(100) })),
      }),
      answers: {
        202: { description: 'On its way to the DPO', schema: z.strictObject({ id: z.string(), receivedAt: instant }) },
      },
      problems: ['unprocessable'],
      async handle({ caller, body, language, now }) {
        const from = caller.kind === 'user' ? accountOf(caller).profile : body.contact;
        if (!from)
          throw new Problem('unprocessable', {
            errors: [{ path: 'contact', message: language === 'fr' ? 'requis' : 'required' }],
          });
        const id = newId('msg');
        const question = body.subject ? `${body.subject}\n\n${body.message}` : body.message;
        const name = `${from.givenName} ${from.familyName}`;
        const subject = loginIdOf(config.loginKey, from.email);
        const toDpo = newNotification(
          config.dataKey,
          'contact-question',
          {
            parameters: { reference: id, from: `${name} <${from.email}>`, question },
            recipient: { address: config.controller.dpo.email, name: 'DPO', language: 'fr' },
            subject,
          },
          now,
        );
        const toPerson = newNotification(
          config.dataKey,
          'contact-received',
          { parameters: { reference: id, question }, recipient: { address: from.email, name, language }, subject },
          now,
        );
        for (const notification of [toDpo, toPerson]) {
          await runtime.create(notification.id, notification);
          nudgeRuntime(notification.id);
        }
        return { status: 202, body: { id, receivedAt: now.toISOString() } };
      },
    }),
  ];
}

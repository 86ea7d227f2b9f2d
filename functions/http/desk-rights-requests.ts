import { buffer } from 'node:stream/consumers';
import * as z from 'zod/mini';
import { dataCategories } from '../../shared/personal-data/index.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import { type Route, route, staff } from '../../shared/platform/http/route.ts';
import type { AccountId, ProofId } from '../../shared/platform/ids.ts';
import type { ServicePurposes } from '../../shared/purposes/index.ts';
import { deskChannels } from '../../shared/rights-requests/index.ts';
import type { HabilitationReader } from '../../shared/staff-access/index.ts';
import { calendarDay, checkPurposes, checkSubmission, deskCaseSchema, requestId, submission } from './case-schemas.ts';
import { type DeskRecordServices, deskRecord } from './desk-case-record.ts';
import { email, language, multilineText, text } from './schemas.ts';

interface DeskServices extends DeskRecordServices {
  readonly purposes: Pick<ServicePurposes, 'wasOffered'>;
  readonly habilitations: HabilitationReader;
}

const byId = z.strictObject({ id: requestId });

const notScanned = {
  fr: 'L’analyse antivirus de ce document n’est pas terminée, ou il n’a pas été jugé sain.',
  en: 'The scan of this document has not ended, or has not found it clean.',
} as const;

/**
 * The case file and its files, as the desk reads them (clauses G9, C3). Lists are in `desk-case-lists.ts`, the acts on a case in
 * `desk-case-actions.ts`.
 */
export function deskRightsRequestRoutes(services: DeskServices): readonly Route[] {
  const { cases, purposes, audit, habilitations } = services;
  const { actor, subjectOf, shown } = deskRecord(services);

  return [
    route({
      name: 'desk-rights-requests-record',
      method: 'POST',
      path: '/api/v1/desk/rights-requests',
      topic: 'desk',
      summary: 'Records what came by letter, e-mail, phone or in person; the clock runs from the day of receipt.',
      caller: staff('dpo'),
      idempotent: true,
      body: z.extend(submission, {
        channel: z.enum(deskChannels),
        receivedOn: calendarDay,
        contact: z.strictObject({
          givenName: text(100),
          familyName: text(100),
          email: z.optional(email),
          postalAddress: z.optional(multilineText(500)),
        }),
        language: z._default(language, 'fr'),
        accountId: z.optional(z.string().check(z.regex(/^acc_[\w-]{22}$/))),
      }),
      answers: { 201: { description: 'The case', schema: deskCaseSchema } },
      problems: ['unprocessable'],
      async handle({ caller, body, language: reader, now }) {
        checkSubmission(body, reader);
        await checkPurposes(body, purposes, reader);
        const accountId = body.accountId as AccountId | undefined;
        const result = await cases.intake.record({ ...body, accountId }, caller.staffId, now);
        if (result.outcome === 'in-the-future') {
          const message = reader === 'fr' ? 'ne peut être après aujourd’hui' : 'must not be after today';
          throw new Problem('unprocessable', { errors: [{ path: 'receivedOn', message }] });
        }
        return { status: 201, body: await shown(caller, 'case-recorded', result.case.requestId, now) };
      },
    }),
    route({
      name: 'desk-rights-requests-read',
      method: 'GET',
      path: '/api/v1/desk/rights-requests/{id}',
      topic: 'desk',
      summary: 'The case file. The look at it is in the audit log before the answer.',
      caller: staff('dpo', 'support'),
      params: byId,
      entityTag: 'read',
      answers: { 200: { description: 'The case', schema: deskCaseSchema } },
      problems: ['not-found'],
      async handle({ caller, params, now }) {
        return { status: 200, body: await shown(caller, 'case-read', params.id, now) };
      },
    }),
    route({
      name: 'desk-identity-proofs-read',
      method: 'GET',
      path: '/api/v1/desk/rights-requests/{id}/identity-proofs/{proofId}',
      topic: 'desk',
      summary: 'An identity document; wants a habilitation for identity-proofs on the mission rights-requests.',
      caller: staff('dpo', 'support'),
      params: z.strictObject({ id: requestId, proofId: z.string().check(z.regex(/^prf_[\w-]{22}$/)) }),
      answers: {
        200: {
          description: 'The file, to be saved',
          contentType: 'application/pdf',
          alternatives: ['image/jpeg', 'image/png'],
        },
      },
      problems: ['not-found', 'conflict'],
      async handle({ caller, params, now }) {
        const found = await cases.store.read(params.id);
        const proofId = params.proofId as ProofId;
        const proof = found && (await cases.identityProofs.record(found.requestId, proofId, now));
        const granted = await habilitations.granted(caller.staffId, 'rights-requests', now);
        const isAllowed = granted.includes('identity-proofs');
        await audit.record(
          {
            actor: actor(caller),
            action: 'identity-proof-read',
            ...(found ? { subject: subjectOf(found) } : {}),
            resource: proofId,
            categories: ['identity-proofs'],
            mission: 'rights-requests',
            outcome: isAllowed ? 'allowed' : 'refused',
          },
          now,
        );
        if (!isAllowed) throw new Problem('forbidden');
        const content = found && proof && (await cases.identityProofs.open(found.requestId, proofId));
        if (!content) throw new Problem('not-found');
        if (content === 'not-clean') throw new Problem('conflict', { detail: notScanned });
        const extension =
          { 'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png' }[proof.mediaType] ?? 'bin';
        const headers = {
          'Content-Type': proof.mediaType,
          'Content-Disposition': `attachment; filename="${proofId}.${extension}"`,
        };
        return { status: 200, headers, body: await buffer(content) };
      },
    }),
    route({
      name: 'desk-case-package',
      method: 'GET',
      path: '/api/v1/desk/rights-requests/{id}/package',
      topic: 'desk',
      summary:
        'The package of a request that came by letter or in person, to be handed over; wants a habilitation for every category.',
      caller: staff('dpo'),
      params: byId,
      answers: { 200: { description: 'The package', contentType: 'application/zip' } },
      problems: ['not-found', 'conflict', 'gone'],
      async handle({ caller, params, now }) {
        const found = await cases.store.read(params.id);
        if (!found) throw new Problem('not-found');
        // Who can fetch it fetches it: the desk hands over what nobody else can.
        if (found.channel === 'extranet') throw new Problem('conflict');
        const granted = await habilitations.granted(caller.staffId, 'rights-requests', now);
        const isAllowed = dataCategories.every((category) => granted.includes(category));
        await audit.record(
          {
            actor: actor(caller),
            action: 'case-package-read',
            subject: subjectOf(found),
            resource: found.requestId,
            categories: dataCategories,
            mission: 'rights-requests',
            outcome: isAllowed ? 'allowed' : 'refused',
          },
          now,
        );
        if (!isAllowed) throw new Problem('forbidden');
        const result = await cases.followUp.handOver(found.requestId, { kind: 'staff', id: caller.staffId }, now);
        if (result.outcome === 'not-ready') throw new Problem('conflict');
        if (result.outcome !== 'package') throw new Problem(result.outcome === 'not-found' ? 'not-found' : 'gone');
        const headers = { 'Content-Disposition': `attachment; filename="${found.requestType}-${found.reference}.zip"` };
        return { status: 200, headers, body: await buffer(result.content) };
      },
    }),
  ];
}

import * as z from 'zod/mini';
import { dataCategories } from '../../shared/personal-data/index.ts';
import { preferredMediaType } from '../../shared/platform/http/media-type.ts';
import { type Route, route, staff } from '../../shared/platform/http/route.ts';
import type { Language } from '../../shared/platform/language.ts';
import { type ProcessingRegister, registerCsv, registerPage } from '../../shared/processing-register/index.ts';
import { legalBases } from '../../shared/purposes/index.ts';
import { instant } from './schemas.ts';

const registerSchema = z.strictObject({
  generatedAt: instant,
  controller: z.strictObject({
    name: z.string(),
    legalForm: z.string(),
    shareCapital: z.string(),
    headOffice: z.string(),
    registration: z.string(),
  }),
  dpo: z.strictObject({ email: z.string(), postalAddress: z.string() }),
  activities: z.array(
    z.strictObject({
      id: z.string(),
      purpose: z.string(),
      legalBasis: z.enum(legalBases),
      dataSubjects: z.string(),
      categories: z.array(z.enum(dataCategories)),
      recipients: z.array(z.string()),
      data: z.array(
        z.strictObject({
          source: z.string(),
          title: z.string(),
          category: z.enum(dataCategories),
          origin: z.enum(['provided', 'observed', 'derived']),
          recipients: z.string(),
          retention: z.string(),
          onErasure: z.strictObject({
            kind: z.enum(['erase', 'keep', 'anonymise']),
            reason: z.optional(z.string()),
            legalReference: z.optional(z.string()),
          }),
        }),
      ),
      transfers: z.string(),
    }),
  ),
  transfers: z.array(z.strictObject({ country: z.string(), recipient: z.string() })),
  securityMeasures: z.array(z.string()),
});

interface RegisterServices {
  readonly registerAt: (language: Language, now: Date) => Promise<ProcessingRegister>;
}

/** The record of processing, generated from what the program obeys (clause B3, GDPR art. 30). */
export function registerRoutes({ registerAt }: RegisterServices): readonly Route[] {
  return [
    route({
      name: 'desk-processing-register',
      method: 'GET',
      path: '/api/v1/desk/processing-register',
      topic: 'register of processing',
      summary: 'The record of processing activities; as CSV or as a page for the CNIL, both in French, by `Accept`.',
      caller: staff('dpo', 'auditor'),
      answers: {
        200: { description: 'The record', schema: registerSchema, alternatives: ['text/csv', 'text/html'] },
      },
      async handle({ header, language, now }) {
        const form = preferredMediaType(header('accept'), ['application/json', 'text/csv', 'text/html']);
        const register = await registerAt(form === 'application/json' ? language : 'fr', now);
        const headers = { Vary: 'Accept, Accept-Language' };
        if (form === 'application/json') return { status: 200, headers, body: register };
        const day = now.toISOString().slice(0, 10);
        return form === 'text/csv'
          ? {
              status: 200,
              headers: {
                ...headers,
                'Content-Type': 'text/csv; charset=utf-8; header=present',
                'Content-Disposition': `attachment; filename="registre-${day}.csv"`,
              },
              body: await registerCsv(register),
            }
          : {
              status: 200,
              headers: { ...headers, 'Content-Type': 'text/html; charset=utf-8' },
              body: registerPage(register),
            };
      },
    }),
  ];
}

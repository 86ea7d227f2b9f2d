import * as z from 'zod/mini';
import { documentKinds, type LegalDocuments, type VersionSummary } from '../../shared/legal-documents/index.ts';
import type { MailFanOut } from '../../shared/notifications/index.ts';
import { type Cursors, pageOf, pageQuery } from '../../shared/platform/http/paging.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import { anyone, type Route, route, staff } from '../../shared/platform/http/route.ts';
import { instant, language, multilineText, text } from './schemas.ts';

const kind = z.enum(documentKinds);
const version = text(40).check(z.regex(/^[\w.-]+$/));
const documentSchema = z.strictObject({
  kind,
  version: z.string(),
  language,
  title: z.string(),
  contentType: z.literal('text/markdown'),
  content: z.string(),
  sha256: z.string(),
  publishedAt: instant,
  effectiveAt: instant,
});
const translation = z.strictObject({ title: text(200), content: multilineText(60_000) });

interface LegalDocumentServices {
  readonly documents: LegalDocuments;
  readonly cursors: Cursors;
  /** Makes the mail to every user about a version, where its kind is one that users accept. */
  readonly telling: (version: VersionSummary, now: Date) => MailFanOut | undefined;
  /** Sets it on its way. */
  readonly nudge: (kind: string, id: string) => void;
}

/** The terms, the charter and the cookie notice (clauses A1, I1). */
export function legalDocumentRoutes({ documents, cursors, telling, nudge }: LegalDocumentServices): readonly Route[] {
  return [
    route({
      name: 'legal-documents-current',
      method: 'GET',
      path: '/api/v1/legal-documents/{kind}',
      topic: 'legal documents',
      summary: 'The version in force.',
      caller: anyone,
      params: z.strictObject({ kind }),
      answers: {
        200: { description: 'In the reader’s language where there is a translation', schema: documentSchema },
      },
      problems: ['not-found'],
      async handle({ params, language: reader, now }) {
        const found = await documents.current(params.kind, reader, now);
        if (!found) throw new Problem('not-found');
        return { status: 200, body: found };
      },
    }),
    route({
      name: 'legal-documents-versions',
      method: 'GET',
      path: '/api/v1/legal-documents/{kind}/versions',
      topic: 'legal documents',
      summary: 'Every version, newest first.',
      caller: anyone,
      params: z.strictObject({ kind }),
      query: z.strictObject(pageQuery),
      answers: {
        200: {
          description: 'The versions',
          schema: pageOf(z.strictObject({ kind, version: z.string(), publishedAt: instant, effectiveAt: instant })),
        },
      },
      async handle({ params, query }) {
        const versions = (await documents.versions(params.kind)).map((found) => ({
          kind: found.kind,
          version: found.version,
          publishedAt: found.publishedAt,
          effectiveAt: found.effectiveAt,
        }));
        return { status: 200, body: cursors.pageOf(`versions:${params.kind}`, versions, query) };
      },
    }),
    route({
      name: 'legal-documents-version',
      method: 'GET',
      path: '/api/v1/legal-documents/{kind}/versions/{version}',
      topic: 'legal documents',
      summary: 'One version, in force or not: it is never changed.',
      caller: anyone,
      params: z.strictObject({ kind, version }),
      answers: { 200: { description: 'The version', schema: documentSchema } },
      problems: ['not-found'],
      async handle({ params, language: reader }) {
        const found = await documents.version(params.kind, params.version, reader);
        if (!found) throw new Problem('not-found');
        return { status: 200, body: found };
      },
    }),
    route({
      name: 'desk-legal-documents-publish',
      method: 'POST',
      path: '/api/v1/desk/legal-documents/{kind}/versions',
      topic: 'legal documents',
      summary:
        'Publishes a version; it takes effect at once, or at the later instant that it names, and users are told (I1).',
      caller: staff('publisher'),
      idempotent: true,
      params: z.strictObject({ kind }),
      body: z.strictObject({
        version,
        title: text(200),
        content: multilineText(60_000),
        language: z.optional(z.literal('fr')),
        effectiveAt: z.optional(instant),
        translations: z.optional(z.strictObject({ en: translation })),
      }),
      answers: { 201: { description: 'Published', schema: documentSchema } },
      problems: ['conflict', 'unprocessable'],
      async handle({ params, body, now, language: reader }) {
        const effectiveAt = body.effectiveAt === undefined ? undefined : new Date(body.effectiveAt);
        if (effectiveAt && effectiveAt < now) throw new Problem('unprocessable');
        const { version: name, title, content, translations } = body;
        let fanOut: MailFanOut | undefined;
        const result = await documents.publish(
          {
            kind: params.kind,
            version: name,
            texts: { fr: { title, content }, ...(translations ? { en: translations.en } : {}) },
            ...(effectiveAt ? { effectiveAt } : {}),
          },
          reader,
          (published) => {
            fanOut = telling(published, now);
            return fanOut;
          },
        );
        if (result.outcome === 'exists') throw new Problem('conflict');
        if (fanOut) nudge(params.kind, fanOut.id);
        return { status: 201, body: result.document };
      },
    }),
  ];
}

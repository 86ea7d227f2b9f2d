import type { Controller } from '../../platform/config.ts';
import type { DocumentKind, LegalDocumentVersion, LocalisedText } from '../rules.ts';
import * as cookieNoticeEn from './cookie-notice.en.ts';
import * as cookieNoticeFr from './cookie-notice.fr.ts';
import * as privacyCharterEn from './privacy-charter.en.ts';
import * as privacyCharterFr from './privacy-charter.fr.ts';
import * as termsEn from './terms.en.ts';
import * as termsFr from './terms.fr.ts';

const FIRST_VERSION = '1.0';
const IN_FORCE_SINCE = '2022-01-01T00:00:00.000Z';

/** The samples that the product ships with: in force until the controller publishes documents of its own. */
export function firstVersions(controller: Controller): readonly LegalDocumentVersion[] {
  const filled = ({ title, content }: LocalisedText): LocalisedText => ({ title, content: fill(content, controller) });
  const version = (kind: DocumentKind, fr: LocalisedText, en: LocalisedText): LegalDocumentVersion => ({
    kind,
    version: FIRST_VERSION,
    publishedAt: IN_FORCE_SINCE,
    effectiveAt: IN_FORCE_SINCE,
    texts: { fr: filled(fr), en: filled(en) },
  });
  return [
    version('terms', termsFr, termsEn),
    version('privacy-charter', privacyCharterFr, privacyCharterEn),
    version('cookie-notice', cookieNoticeFr, cookieNoticeEn),
  ];
}

function fill(content: string, controller: Controller): string {
  return content
    .replaceAll('{{controller.name}}', controller.name)
    .replaceAll('{{controller.dpoEmail}}', controller.dpo.email)
    .replaceAll('{{controller.postalAddress}}', controller.dpo.postalAddress);
}

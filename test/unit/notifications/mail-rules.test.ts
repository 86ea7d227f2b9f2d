import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classOf } from '../../../shared/notifications/index.ts';
import { type MailReader, mayBeSent } from '../../../shared/notifications/mail-rules.ts';
import { caseMails } from '../../../shared/notifications/texts/case-mails.fr.ts';
import { spaceMails } from '../../../shared/notifications/texts/space-mails.fr.ts';

const reader = fc.record<MailReader>({
  account: fc.constantFrom('unverified', 'active', 'closing'),
  restricted: fc.boolean(),
  isPurposePermitted: fc.boolean(),
  isTopicOff: fc.boolean(),
});

describe('D4 D5 D6 which mails may go', () => {
  it('what concerns a request, a closing space or a legal duty always goes', () => {
    fc.assert(fc.property(reader, (who) => mayBeSent('case', who)));
    for (const template of [...Object.keys(caseMails), ...Object.keys(spaceMails)])
      expect({ template, class: classOf(template as never) }).toEqual({ template, class: 'case' });
  });

  it('nothing else goes to somebody who closes the space', () => {
    fc.assert(
      fc.property(reader, fc.constantFrom('security', 'service', 'news'), (who, mailClass) => {
        // The gate itself permits nothing once the space is closing.
        const closing: MailReader = { ...who, account: 'closing', isPurposePermitted: false };
        expect(mayBeSent(mailClass, closing)).toBe(false);
      }),
    );
  });

  it('neither services nor news to somebody who is restricted, and news only on a topic that is on', () => {
    fc.assert(
      fc.property(reader, (who) => {
        if (who.restricted) expect([mayBeSent('service', who), mayBeSent('news', who)]).toEqual([false, false]);
        if (mayBeSent('news', who)) expect([who.isPurposePermitted, who.isTopicOff]).toEqual([true, false]);
      }),
    );
  });

  it('what keeps an account safe is security, what is published is service, content is news', () => {
    expect(
      (['password-changed', 'new-device-sign-in', 'document-published', 'content-news'] as const).map(classOf),
    ).toEqual(['security', 'security', 'service', 'news']);
  });
});

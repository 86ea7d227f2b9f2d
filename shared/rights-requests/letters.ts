import { newNotification } from '../notifications/index.ts';
import type { BatchStep } from '../platform/cosmos/document-store.ts';
import type { NotificationId } from '../platform/ids.ts';
import type { RightsRequest } from './case.ts';

type NewNotification = typeof newNotification;
type Template = Parameters<NewNotification>[1];
type Content<T extends Template> = Parameters<typeof newNotification<T>>[2]['parameters'];

interface LettersPlatform {
  readonly dataKey: Buffer;
  /** The extranet's own site, which mailed links lead to. */
  readonly siteUrl: string;
  readonly dpoEmail: string;
}

/**
 * The mails of a case, as steps of the batch of what they tell of. They travel with their address, since an account can be gone before they
 * arrive. Who gave no e-mail gets none: the desk writes on paper.
 */
export function caseLetters({ dataKey, siteUrl, dpoEmail }: LettersPlatform) {
  return {
    /** Where the person follows the case. */
    linkTo: ({ requestId }: RightsRequest) => `${siteUrl}/rights-requests/${requestId}`,
    deskLinkTo: ({ requestId }: RightsRequest) => `${siteUrl}/desk/rights-requests/${requestId}`,

    toPerson<T extends Template>(
      { contact, language }: RightsRequest,
      template: T,
      parameters: Content<T>,
      now: Date,
      id?: NotificationId,
    ): readonly BatchStep[] {
      const { email: address, givenName, familyName } = contact;
      if (address === undefined) return [];
      const recipient = { address, name: `${givenName} ${familyName}`, givenName, language };
      return [{ create: newNotification(dataKey, template, { parameters, recipient }, now, id) }];
    },

    toDesk<T extends Template>(template: T, parameters: Content<T>, now: Date, id?: NotificationId): BatchStep {
      const recipient = { address: dpoEmail, name: 'DPO', language: 'fr' } as const;
      return { create: newNotification(dataKey, template, { parameters, recipient }, now, id) };
    },
  };
}

export type CaseLetters = ReturnType<typeof caseLetters>;

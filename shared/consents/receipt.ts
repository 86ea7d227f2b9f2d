import type { Controller } from '../platform/config.ts';
import type { Language } from '../platform/language.ts';
import type { ServicePurpose } from '../purposes/index.ts';
import type { ConsentDecision, ConsentProof } from './consent-record.ts';
import type { Choices, ConsentStatus } from './rules.ts';

/** What became of the consent to one purpose, and when. */
export interface ConsentEvent {
  readonly status: ConsentStatus | 'ConsentExpired';
  readonly at: string;
  /** Until when it holds; absent for what ends it. */
  readonly until?: string;
  readonly by: 'person' | 'controller';
}

export interface ReceiptPurpose {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly categories: readonly string[];
  readonly recipients: string;
  readonly retention: string;
  /** First what this decision did, then what happened to it since. */
  readonly events: readonly ConsentEvent[];
}

/** Everything that a receipt says, in one language, before it takes a form. */
export interface Receipt {
  readonly id: string;
  readonly language: Language;
  readonly publicUrl: string;
  readonly siteUrl: string;
  /** The pseudonym of whoever decided: neither the visitor id nor the account id. */
  readonly principal: string;
  readonly controller: Controller;
  readonly decidedAt: string;
  readonly expiresAt: string;
  readonly proof: ConsentProof;
  readonly gpc: boolean;
  readonly purposes: readonly ReceiptPurpose[];
}

interface ReceiptSource {
  readonly decision: ConsentDecision;
  /** The choices that stand now in the record that the decision belongs to. */
  readonly choices: Choices;
  readonly principal: string;
}

/**
 * The receipt of one decision at `now`. It never lets an earlier yes pass for one that stands: what came later is told with it, and once the
 * 13 months are over it only says that the consent has ended.
 */
export function receiptOf(
  { decision, choices, principal }: ReceiptSource,
  settings: {
    readonly controller: Controller;
    readonly publicUrl: string;
    readonly siteUrl: string;
    readonly purposes: readonly ServicePurpose[];
    readonly language: Language;
  },
  now: Date,
): Receipt {
  const { language } = settings;
  const { id, proof, decidedAt, endsAt } = decision;
  const hasEnded = endsAt <= now.toISOString();

  const purposes = Object.entries(decision.choices).map(([purposeId, { status }]): ReceiptPurpose => {
    const purpose = settings.purposes.find((candidate) => candidate.id === purposeId);
    const later = choices[purposeId];
    const events: ConsentEvent[] = hasEnded
      ? [{ status: 'ConsentExpired', at: endsAt, by: 'controller' }]
      : [{ status, at: decidedAt, until: endsAt, by: 'person' }];
    if (!hasEnded && later && later.sequence > decision.sequence)
      events.push({ status: later.status, at: later.decidedAt, until: later.expiresAt, by: 'person' });
    return {
      id: purposeId,
      title: purpose?.title[language] ?? purposeId,
      description: purpose?.description[language] ?? purposeId,
      categories: purpose?.categories ?? [],
      recipients: purpose?.recipients[language] ?? settings.controller.name,
      retention: purpose?.retention ?? 'P13M',
      events,
    };
  });

  const { controller, publicUrl, siteUrl } = settings;
  const gpc = decision.signals.gpc;
  return {
    id,
    language,
    publicUrl,
    siteUrl,
    principal,
    controller,
    decidedAt,
    expiresAt: endsAt,
    proof,
    gpc,
    purposes,
  };
}

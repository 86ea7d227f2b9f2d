import type { Language } from '../../platform/language.ts';

/** One thing that the cookie notice asks about, or says it does not need to ask about. */
export interface NoticePurpose {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly consentRequired: boolean;
}

/** The cookie notice as a consent module shows it. */
export interface ShownNotice {
  readonly noticeVersion: string;
  readonly purposes: Readonly<Record<Language, readonly NoticePurpose[]>>;
}

/** `consent_data` of klaro's `submit`: every service's state, and what made klaro send it. */
export interface KlaroConsentData {
  readonly type: string;
  readonly consents: Readonly<Record<string, boolean>>;
  /** With `save`: what differs from what klaro had saved. */
  readonly changes?: Readonly<Record<string, boolean>> | undefined;
  /** The id of the configuration that was shown; absent where the site configures klaro itself. */
  readonly config?: string | undefined;
}

/** What a person chose, in the terms of `POST /api/v1/consents`. */
export interface KlaroChoice {
  readonly choices: Readonly<Record<string, 'granted' | 'denied'>>;
  readonly mechanism: 'accept-all' | 'refuse-all' | 'choose' | 'withdraw';
}

/** The acts of a person; `show` and `script`, and whatever else klaro may come to send, are none. */
const mechanisms = new Map<string, KlaroChoice['mechanism']>([
  ['accept', 'accept-all'],
  ['decline', 'refuse-all'],
  ['save', 'choose'],
  ['contextual-accept', 'choose'],
]);

/** klaro keeps its own cookie no longer than the choice stands unasked: six months. */
const COOKIE_DAYS = 180;

/**
 * Translates what klaro submits. Undefined when no person acted, or when nothing of it needs consent: services that the notice exempts or
 * does not know are nobody's to grant or refuse.
 */
export function klaroChoice(
  { type, consents, changes = {} }: KlaroConsentData,
  purposes: readonly Pick<NoticePurpose, 'id' | 'consentRequired'>[],
): KlaroChoice | undefined {
  const mechanism = mechanisms.get(type);
  if (!mechanism) return undefined;
  const choices: Record<string, 'granted' | 'denied'> = {};
  for (const { id, consentRequired } of purposes) {
    const isAllowed = Object.hasOwn(consents, id) ? consents[id] : undefined;
    if (!consentRequired || isAllowed === undefined) continue;
    // On a placeholder's "always", klaro sends first states along as refusals: only the yes was given.
    if (type === 'contextual-accept' && !isAllowed) continue;
    choices[id] = isAllowed ? 'granted' : 'denied';
  }
  if (Object.keys(choices).length === 0) return undefined;
  const changed = Object.values(changes);
  const isWithdrawal = type === 'save' && changed.length > 0 && changed.every((isAllowed) => !isAllowed);
  return { choices, mechanism: isWithdrawal ? 'withdraw' : mechanism };
}

/** The notice as a klaro configuration: one service for each purpose, refusing as easy as accepting, nothing on before it is asked. */
export function klaroConfig({ purposes }: ShownNotice, name: string) {
  return {
    name,
    status: 'active',
    default: false,
    mustConsent: false,
    acceptAll: true,
    hideDeclineAll: false,
    cookieExpiresAfterDays: COOKIE_DAYS,
    fallbackLang: 'fr',
    translations: { fr: words(purposes.fr), en: words(purposes.en) },
    services: purposes.fr.map(({ id, consentRequired }) => ({
      name: id,
      purposes: [id],
      required: !consentRequired,
      default: !consentRequired,
    })),
  };
}

function words(purposes: readonly NoticePurpose[]) {
  const texts = Object.fromEntries(purposes.map(({ id, title, description }) => [id, { title, description }]));
  return { ...texts, purposes: texts };
}

/** klaro names no notice: the id of the configuration does, and comes back with each choice. */
export function klaroConfigId(noticeVersion: string, configHash: string): string {
  return `${noticeVersion}:${configHash}`;
}

/** The notice and the configuration that an id of ours names; undefined for ids that are not. */
export function readKlaroConfigId(
  id: string | undefined,
): { readonly noticeVersion: string; readonly configHash: string } | undefined {
  const [, noticeVersion, configHash] = /^([\w.-]{1,40}):([0-9a-f]{64})$/.exec(id ?? '') ?? [];
  return noticeVersion && configHash ? { noticeVersion, configHash } : undefined;
}

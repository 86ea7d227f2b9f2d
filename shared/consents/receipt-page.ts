import type { Language } from '../platform/language.ts';
import { parisInstant } from '../platform/paris-time.ts';
import type { ConsentEvent, Receipt } from './receipt.ts';

const words = {
  fr: {
    title: 'Reçu de consentement',
    intro: 'Ce reçu dit ce que vous avez choisi, quand, et sur la base de quelle information.',
    number: 'Numéro',
    decided: 'Choix du',
    ends: 'Le choix prend fin le',
    notice: 'Information présentée',
    version: 'version',
    fingerprint: 'empreinte SHA-256',
    mechanism: 'Comment',
    controller: 'Responsable de traitement',
    purpose: 'Finalité',
    state: 'Ce qu’il en est',
    data: 'Données',
    recipients: 'Destinataires',
    kept: 'Conservées',
    withdraw:
      'Vous pouvez retirer votre accord à tout moment, aussi simplement que vous l’avez donné, par le module « Gestion des services » au pied de chaque page.',
    recourse: 'Vous pouvez introduire une réclamation auprès de la CNIL (www.cnil.fr).',
    signal:
      'Votre navigateur a envoyé le signal Global Privacy Control : nous y voyons une opposition à la vente ou au partage de vos données.',
    states: {
      ConsentGiven: 'accepté',
      RenewedConsentGiven: 'accepté à nouveau',
      ConsentRefused: 'refusé',
      ConsentWithdrawn: 'retiré',
      ConsentExpired: 'arrivé à son terme',
    },
  },
  en: {
    title: 'Consent receipt',
    intro: 'This receipt says what you chose, when, and on the basis of which notice.',
    number: 'Number',
    decided: 'Chosen on',
    ends: 'The choice ends on',
    notice: 'Notice shown',
    version: 'version',
    fingerprint: 'SHA-256',
    mechanism: 'How',
    controller: 'Controller',
    purpose: 'Purpose',
    state: 'What became of it',
    data: 'Data',
    recipients: 'Recipients',
    kept: 'Kept for',
    withdraw:
      'You can withdraw your consent at any time, as easily as you gave it, through the module « Gestion des services » at the foot of every page.',
    recourse: 'You may lodge a complaint with the CNIL, the French supervisory authority (www.cnil.fr).',
    signal:
      'Your browser sent the Global Privacy Control signal: we read it as an objection to selling or sharing your data.',
    states: {
      ConsentGiven: 'accepted',
      RenewedConsentGiven: 'accepted again',
      ConsentRefused: 'refused',
      ConsentWithdrawn: 'withdrawn',
      ConsentExpired: 'come to its end',
    },
  },
} as const satisfies Readonly<Record<Language, object>>;

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** An instant as a person in France reads it. */
function readable(instant: string, language: Language): string {
  const words = parisInstant(new Date(instant), language === 'fr' ? 'fr-FR' : 'en-GB');
  return `<time datetime="${instant}">${escaped(words)}</time>`;
}

/** A receipt as a page: self-contained, without script, readable aloud and on paper. */
export function receiptPage(receipt: Receipt): string {
  const { language, controller, proof } = receipt;
  const say = words[language];
  const event = ({ status, at }: ConsentEvent) =>
    `<li><strong>${escaped(say.states[status])}</strong>, ${readable(at, language)}</li>`;
  const rows = receipt.purposes
    .map(
      (purpose) => `<tr><th scope="row">${escaped(purpose.title)}<br><small>${escaped(purpose.description)}</small></th>
<td><ul>${purpose.events.map(event).join('')}</ul></td>
<td>${escaped(purpose.categories.join(', '))}</td><td>${escaped(purpose.recipients)}</td><td>${escaped(purpose.retention)}</td></tr>`,
    )
    .join('\n');
  const facts: readonly (readonly [string, string])[] = [
    [say.number, `<code>${escaped(receipt.id)}</code>`],
    [say.decided, readable(receipt.decidedAt, language)],
    [say.ends, readable(receipt.expiresAt, language)],
    [
      say.notice,
      `${say.version} ${escaped(proof.noticeVersion)} (${proof.noticeLanguage}), ${say.fingerprint} <code>${proof.noticeSha256}</code>`,
    ],
    [say.mechanism, escaped([proof.mechanism, proof.client?.name, proof.client?.version].filter(Boolean).join(' · '))],
    [
      say.controller,
      `${escaped(controller.name)}, ${escaped(controller.legalForm)}, ${escaped(controller.registration)}<br>${escaped(controller.headOffice)}<br>DPO : <a href="mailto:${escaped(controller.dpo.email)}">${escaped(controller.dpo.email)}</a>, ${escaped(controller.dpo.postalAddress)}`,
    ],
  ];
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${say.title}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
dt{font-weight:600;margin-top:.5rem}dd{margin:0;overflow-wrap:anywhere}table{border-collapse:collapse;width:100%;margin:1.5rem 0}
th,td{border:1px solid #767676;padding:.5rem;text-align:left;vertical-align:top}th small{font-weight:400}ul{margin:0;padding-left:1.2rem}</style></head>
<body><main><h1>${say.title}</h1><p>${say.intro}</p>
<dl>${facts.map(([term, value]) => `<dt>${term}</dt><dd>${value}</dd>`).join('\n')}</dl>
<table><thead><tr>${[say.purpose, say.state, say.data, say.recipients, say.kept].map((title) => `<th scope="col">${title}</th>`).join('')}</tr></thead>
<tbody>${rows}</tbody></table>
${receipt.gpc ? `<p>${say.signal}</p>` : ''}<p>${say.withdraw}</p><p>${say.recourse}</p></main></body></html>
`;
}

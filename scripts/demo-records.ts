// biome-ignore lint/suspicious/noExplicitAny: the story looks into answers of every shape
type Answer = any;

interface Surroundings {
  readonly step: (
    meaning: string,
    method: string,
    path: string,
    call?: { readonly token?: string; readonly body?: object; readonly headers?: Readonly<Record<string, string>> },
  ) => Promise<Answer>;
  readonly control: string;
  /** The access token of the person of the story. */
  readonly token: string;
}

/** What the controller keeps of its own doings: the record of processing, disclosures, breaches, the timers. */
export async function whatTheRegistersSay({ step, control, token }: Surroundings): Promise<void> {
  const ask = async (path: string) => (await (await fetch(`${control}${path}`)).json()) as Answer;
  const { token: dpo } = await ask('/staff-token?roles=dpo,operator');
  const { accountId } = await step('The token itself says whose it is.', 'GET', '/api/v1/auth/session', { token });

  await step(
    'The record of processing is what the program obeys; the DPO hands it to the CNIL as a page (B3).',
    'GET',
    '/api/v1/desk/processing-register',
    { token: dpo, headers: { accept: 'text/html' } },
  );
  const disclosure = {
    accountId,
    recipient: { name: 'Tribunal judiciaire de Nanterre', contact: 'greffe@tribunal.example' },
    categories: ['identity'],
    reference: 'Réquisition 2026/117',
  };
  await step('Nothing is sold: there is no such ground (C6).', 'POST', '/api/v1/desk/disclosures', {
    token: dpo,
    body: { ...disclosure, ground: 'sale' },
  });
  await step('What a court wants is on record before it leaves (C7).', 'POST', '/api/v1/desk/disclosures', {
    token: dpo,
    body: { ...disclosure, ground: 'legal-obligation' },
  });
  await step('A breach: the answer says by when the CNIL must know (art. 33).', 'POST', '/api/v1/desk/breaches', {
    token: dpo,
    body: {
      awareAt: (await ask('/clock')).now,
      nature: 'Confidentialité : un courriel est parti au mauvais destinataire',
      categories: ['contact'],
      approximatePeople: 1,
      approximateRecords: 1,
      consequences: 'Faibles',
      measures: 'Suppression demandée et confirmée',
      highRisk: false,
    },
  });
  await step('Operators see every timer, and what waits (E1).', 'GET', '/api/v1/desk/jobs', { token: dpo });
}

// biome-ignore lint/suspicious/noExplicitAny: the story looks into answers of every shape
type Answer = any;
interface Call {
  readonly token?: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}
type Step = (meaning: string, method: string, path: string, call?: Call) => Promise<Answer>;

/** Before Camille signs in: « Gestion des services » asks, and Camille chooses. Answers the device's id. */
export async function chooseBeforeSignIn(step: Step): Promise<string> {
  const { noticeVersion } = await step(
    'The cookie table says what needs consent and what is exempt (H4, H6).',
    'GET',
    '/api/v1/cookies',
  );
  const { visitorId } = await step(
    'Camille, not signed in, accepts being measured and refuses offers: one call, with its proof (H7).',
    'POST',
    '/api/v1/consents',
    {
      body: {
        noticeVersion,
        language: 'fr',
        choices: { 'audience-measurement': 'granted', prospecting: 'denied' },
        mechanism: 'choose',
      },
    },
  );
  return visitorId;
}

/** Signed in: the choices have joined the account; what hangs on them starts, and stops with the withdrawal. */
export async function changeOnesMind(step: Step, token: string): Promise<void> {
  const { items } = await step(
    'The choice has joined the account, on record for 13 months and not a visit longer (H3).',
    'GET',
    '/api/v1/me/consents',
    { token },
  );
  const events = [{ type: 'page-view', path: '/sinistres', at: new Date(Date.now() - 1_000).toISOString() }];
  await step('So page views are measured (H1).', 'POST', '/api/v1/activity', { token, body: { events } });
  await step('Camille withdraws everything: one call, as accepting was (G8).', 'DELETE', '/api/v1/consents', { token });
  await step('The next page view is dropped (H1).', 'POST', '/api/v1/activity', { token, body: { events } });
  await step('What may be done with the data now, purpose by purpose (D1-D9).', 'GET', '/api/v1/me/purposes', {
    token,
  });
  await step(
    'The receipt of the choice tells both, in terms of the W3C DPV: given, then withdrawn.',
    'GET',
    items[0].receipt,
    { token },
  );
}

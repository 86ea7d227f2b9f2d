// biome-ignore lint/suspicious/noExplicitAny: the story looks into answers of every shape
type Answer = any;
interface Call {
  readonly token?: string;
  readonly body?: object;
  readonly file?: { readonly type: string; readonly bytes: Buffer };
  readonly headers?: Readonly<Record<string, string>>;
}
type Step = (meaning: string, method: string, path: string, call?: Call) => Promise<Answer>;

interface Surroundings {
  readonly step: Step;
  readonly control: string;
  readonly person: { readonly email: string; readonly password: string };
}

/** From the first letter to the last byte erased, and an auditor's look at it. */
export async function fromLetterToLedger({ step, control, person }: Surroundings): Promise<void> {
  const ask = async (path: string, method = 'GET') =>
    (await (await fetch(`${control}${path}`, { method })).json()) as Answer;
  const staff = async (sub: string, role: string): Promise<string> =>
    (await ask(`/staff-token?sub=${sub}&roles=${role}`)).token;
  const advance = () => ask('/timers/advance-rights-requests', 'POST');
  const mails = async (): Promise<readonly { subject: string; text: string }[]> =>
    (await ask(`/mail?to=${encodeURIComponent(person.email)}`)).messages;
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' }).format(
    new Date((await ask('/clock')).now),
  );
  const dpo = await staff('dpo-demo', 'dpo');
  const desk = '/api/v1/desk/rights-requests';

  const letter = await step(
    'A letter from Camille arrives; the desk opens a case, due in a month (G9).',
    'POST',
    desk,
    {
      token: dpo,
      body: {
        type: 'access',
        channel: 'post',
        receivedOn: today,
        contact: { givenName: 'Camille', familyName: 'Dubois', email: person.email },
        details: 'Je souhaite une copie de mes données.',
      },
    },
  );
  const received = await mailWith(mails, letter.reference);
  const tracking = /^[\w-]{43}$/m.exec(received)?.[0] ?? '';
  await step(
    'The handwriting raises a doubt: proof of identity is asked for, the clock stands still.',
    'POST',
    `${desk}/${letter.id}/request-identity`,
    {
      token: dpo,
      body: { reason: 'La signature diffère de celle du contrat.' },
    },
  );
  const proof = await step(
    'Camille hands in an identity card, by the tracking code of the acknowledgement.',
    'POST',
    `/api/v1/rights-requests/${letter.id}/identity-proofs`,
    {
      file: { type: 'application/pdf', bytes: smallPdf },
      headers: { 'x-tracking-code': tracking, 'x-document-kind': 'identity-card' },
    },
  );
  const proofPath = `${desk}/${letter.id}/identity-proofs/${proof.id}`;
  await step('Being the DPO is not enough to see it (C3).', 'GET', proofPath, { token: dpo });
  await step('Somebody else grants a habilitation for it.', 'PUT', '/api/v1/desk/habilitations/dpo-demo', {
    token: await staff('administrator-demo', 'habilitation-admin'),
    body: { categories: ['identity-proofs'], missions: ['rights-requests'], expiresOn: monthsAfter(today) },
  });
  await step('Now it is shown, and the look is on record.', 'GET', proofPath, { token: dpo });
  await step('Identity is verified; the document is deleted at once.', 'POST', `${desk}/${letter.id}/identity`, {
    token: dpo,
    body: { decision: 'verified', method: 'document' },
  });
  await step(
    'The copy is long to gather: two months more, with the reason, told to Camille.',
    'POST',
    `${desk}/${letter.id}/extend`,
    {
      token: dpo,
      body: { reason: 'Plusieurs milliers d’événements à réunir.' },
    },
  );
  await step('The request is granted; the program builds the package.', 'POST', `${desk}/${letter.id}/approve`, {
    token: dpo,
    body: {},
  });
  await advance();
  await step('The desk takes the package to answer by post.', 'GET', `${desk}/${letter.id}/package`, { token: dpo });
  await step('And closes the case.', 'POST', `${desk}/${letter.id}/complete`, {
    token: dpo,
    body: { note: 'Copie remise par lettre recommandée.' },
  });

  const { accessToken: token } = await step('Camille signs in again.', 'POST', '/api/v1/auth/login', { body: person });
  const portable = await step('Asks for portable data (G4).', 'POST', '/api/v1/rights-requests', {
    token,
    body: { type: 'portability' },
  });
  await step('Granted.', 'POST', `${desk}/${portable.id}/approve`, { token: dpo, body: {} });
  await advance();
  await step(
    'The package is opened by the person who has just signed in, and told of by mail.',
    'GET',
    `/api/v1/rights-requests/${portable.id}/package`,
    { token },
  );

  const erasure = await step('Then Camille asks to be forgotten (G3).', 'POST', '/api/v1/rights-requests', {
    token,
    body: { type: 'erasure' },
  });
  await step('Granted.', 'POST', `${desk}/${erasure.id}/approve`, { token: dpo, body: {} });
  await advance();
  await step(
    'Every source has confirmed, a second pass found nothing: the case is completed, without a name.',
    'GET',
    `${desk}/${erasure.id}`,
    { token: dpo },
  );
  await step('Nobody can sign in there any more.', 'POST', '/api/v1/auth/login', { body: person });
  console.log(`   The last mail that Camille got: « ${(await mails()).at(-1)?.subject} »`);

  const auditor = await staff('auditor-demo', 'auditor');
  await step('An auditor sees the ledger of erasures: keyed hashes only.', 'GET', '/api/v1/desk/erasure-ledger', {
    token: auditor,
  });
  await step('The archive of closed cases, without a name.', 'GET', '/api/v1/desk/case-archive', { token: auditor });
  await step('And that nobody has touched the record of who saw what.', 'GET', '/api/v1/desk/audit/verify', {
    token: auditor,
  });
}

/** The text of the first mail that names something, once it has come. */
async function mailWith(mails: () => Promise<readonly { text: string }[]>, words: string): Promise<string> {
  for (let tried = 0; tried < 100; tried += 1) {
    const found = (await mails()).find(({ text }) => text.includes(words));
    if (found) return found.text;
    await new Promise((resume) => setTimeout(resume, 100));
  }
  throw new Error(`no mail names ${words}`);
}

function monthsAfter(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + 3);
  return date.toISOString().slice(0, 10);
}

const smallPdf = Buffer.from(
  '%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n',
);

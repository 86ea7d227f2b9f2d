import { changeOnesMind, chooseBeforeSignIn } from './demo-consents.ts';
import { whatTheRegistersSay } from './demo-records.ts';
import { fromLetterToLedger } from './demo-rights.ts';

/** A person's story, told against the running product (`npm start` in another terminal): each step with what it means. */
const api = `http://127.0.0.1:${process.env.PORT ?? 7071}`;
const control = `http://127.0.0.1:${process.env.CONTROL_PORT ?? 7072}`;
const email = `camille.${Date.now().toString(36)}@garage-du-lac.example`;
const password = 'quartz-embargo-nimbus-42';

interface Call {
  readonly token?: string | undefined;
  readonly body?: object;
  readonly file?: { readonly type: string; readonly bytes: Buffer };
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: the story looks into answers of every shape
type Answer = any;

let number = 0;

/** Sends a request and shows it, its answer, and what both mean. */
async function step(
  meaning: string,
  method: string,
  path: string,
  { token, body, file, headers }: Call = {},
): Promise<Answer> {
  number += 1;
  const response = await fetch(path.startsWith('http') ? path : `${api}${path}`, {
    method,
    headers: {
      ...(body ? { 'content-type': 'application/json' } : file ? { 'content-type': file.type } : {}),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
    ...(body ? { body: JSON.stringify(body) } : file ? { body: new Uint8Array(file.bytes) } : {}),
  });
  const isJson = /json/.test(response.headers.get('content-type') ?? 'json');
  const text = isJson
    ? await response.text()
    : `(${(await response.arrayBuffer()).byteLength} bytes of ${response.headers.get('content-type')})`;
  console.log(`\n${number}. ${meaning}`);
  console.log(`   → ${method} ${path}${body ? ` ${shortened(JSON.stringify(body))}` : ''}`);
  console.log(`   ← ${response.status} ${shortened(text)}`);
  return text && isJson ? JSON.parse(text) : undefined;
}

const shortened = (text: string) =>
  text
    .replaceAll(password, '••••••')
    .replace(/[\w-]{40,}(?:\.[\w-]+)*/g, (secret) => `${secret.slice(0, 12)}…`)
    .slice(0, 240);

/** The token of the newest mail whose text has one. */
async function mailedToken(): Promise<string> {
  for (let tried = 0; tried < 100; tried += 1) {
    const { messages } = (await (await fetch(`${control}/mail?to=${encodeURIComponent(email)}`)).json()) as Answer;
    const token = /token=([\w.-]+)/.exec(messages.at(-1)?.text ?? '')?.[1];
    if (token) return token;
    await new Promise((resume) => setTimeout(resume, 100));
  }
  throw new Error('no mail with a token has arrived');
}

try {
  const charter = await step(
    'The charter in force can be read by everybody (A1, I1).',
    'GET',
    '/api/v1/legal-documents/privacy-charter',
  );
  const terms = await step('So can the terms.', 'GET', '/api/v1/legal-documents/terms');
  const visitorId = await chooseBeforeSignIn(step);
  await step('Camille registers; the answer would be the same for a known e-mail (F2).', 'POST', '/api/v1/accounts', {
    body: {
      email,
      password,
      givenName: 'Camille',
      familyName: 'Dubois',
      company: 'Garage du Lac',
      acceptedTerms: terms.version,
      acceptedCharter: charter.version,
    },
  });
  await step('The mailed link confirms the e-mail.', 'POST', '/api/v1/accounts/verify', {
    body: { token: await mailedToken() },
  });
  const first = await step('Camille signs in and gets tokens.', 'POST', '/api/v1/auth/login', {
    body: { email, password },
    headers: { 'x-visitor-id': visitorId },
  });
  await step('The account space holds only what is necessary (C1, D9).', 'GET', '/api/v1/me', {
    token: first.accessToken,
  });
  await changeOnesMind(step, first.accessToken);

  const { token: publisher } = (await (await fetch(`${control}/staff-token?roles=publisher`)).json()) as Answer;
  const version = `demo-${Date.now().toString(36)}`;
  await step(
    'Staff publish a new version of the charter (I1).',
    'POST',
    '/api/v1/desk/legal-documents/privacy-charter/versions',
    {
      token: publisher,
      body: { version, title: 'Charte', content: '# Charte de démonstration' },
    },
  );
  await step('It gates the services at once.', 'GET', '/api/v1/me', { token: first.accessToken });
  await step('Camille accepts it (A1).', 'PUT', '/api/v1/me/acceptances/privacy-charter', {
    token: first.accessToken,
    body: { version },
  });
  await step('Every acceptance is on record.', 'GET', '/api/v1/me/acceptances', { token: first.accessToken });

  await whatTheRegistersSay({ step, control, token: first.accessToken });

  const second = await step('The front end refreshes its tokens.', 'POST', '/api/v1/auth/refresh', {
    body: { refreshToken: first.refreshToken },
  });
  await step('A thief comes with the old refresh token: refused (F2).', 'POST', '/api/v1/auth/refresh', {
    body: { refreshToken: first.refreshToken },
  });
  await step('And the session is over, for the thief and for everybody.', 'GET', '/api/v1/me', {
    token: second.accessToken,
  });
  await fromLetterToLedger({ step, control, person: { email, password } });
  console.log(`\nWhat Camille was told by mail: ${control}/mail?to=${encodeURIComponent(email)}`);
} catch (error) {
  console.error(
    `\nThe story stops: ${error instanceof Error ? error.message : error}. Is \`npm start\` running in another terminal?`,
  );
  process.exitCode = 1;
}

import { beforeAll, describe, expect, it } from 'vitest';
import { blobContainers } from '../../shared/platform/blobs/containers.ts';
import { casesOf } from '../support/cases.ts';
import { PASSWORD, tokenIn, useProduct } from '../support/product.ts';
import { rawStore } from '../support/raw-store.ts';
import { storedBy } from '../support/stored.ts';

const product = useProduct();
const cases = casesOf(product);

/** Everything about a person that the journey uses, each so unusual that it can only come from there. */
const person = {
  email: 'zebulon.quixote@partenaire-introuvable.example',
  otherEmail: 'heritiere.quixote@partenaire-introuvable.example',
  givenName: 'Zébulon',
  familyName: 'Quixotšky',
  company: 'Garage Introuvable',
  jobTitle: 'Dépanneuse-cheffe',
  phone: '+33 9 87 65 43 21',
  newPassword: 'velours-aquarium-tempo-77',
  draft: 'AB-987-ZY',
  message: 'Où est ma dépanneuse bleu canard ?',
  reason: 'Le nom lu au téléphone ne correspond pas',
  network: '203.0.113.77',
  path: '/sinistres/zone-reservee',
};
/** What was handed over, and must stay with whom it was handed to. */
const secrets: string[] = [PASSWORD];

const headers = { 'x-forwarded-for': person.network };
const call = (method: string, path: string, given: Parameters<typeof product.call>[2] = {}) =>
  product.call(method, path, { ...given, headers: { ...headers, ...given.headers } });

/** As {@link call}, and it has to succeed. */
async function done(...request: Parameters<typeof call>): Promise<void> {
  const { status, body } = await call(...request);
  if (status >= 300) throw new Error(`${request[0]} ${request[1]} answered ${status}: ${JSON.stringify(body)}`);
}

async function signIn(password: string) {
  const { body } = await product.signIn(person.email, { password }, headers);
  secrets.push(body.accessToken, body.refreshToken);
  return body.accessToken as string;
}

async function tokenOf(count: number) {
  const mails = await product.mails(person.email, count);
  const token = tokenIn(mails.findLast(({ text }) => text.includes('token=')));
  secrets.push(token, token.split('.')[1] ?? '');
  return token;
}

/** What a person does, in all that the product offers so far. */
async function live(): Promise<void> {
  const { email, givenName, familyName, company, jobTitle, phone } = person;
  await done('POST', '/api/v1/accounts', {
    body: product.registration(email, { givenName, familyName, company, jobTitle, phone }),
    headers: { 'idempotency-key': 'registration-of-somebody' },
  });
  await done('POST', '/api/v1/accounts/verify', { body: { token: await tokenOf(1) } });
  await product.signIn(email, { password: `${PASSWORD}-wrong` }, headers);
  const token = await signIn(PASSWORD);
  await done('PUT', '/api/v1/me/form-drafts/sinistre', { token, body: { fields: { plaque: person.draft } } });
  await done('POST', '/api/v1/activity', {
    token,
    body: { events: [{ type: 'page-view', path: person.path, at: (await product.control('GET', '/clock')).body.now }] },
  });
  await done('POST', '/api/v1/contact', { token, body: { message: person.message } });
  await done('POST', '/api/v1/auth/password-reset', { body: { email } });
  const reset = { token: await tokenOf(3), newPassword: person.newPassword };
  await done('POST', '/api/v1/auth/password-reset/confirm', { body: reset });
  const again = await signIn(person.newPassword);
  await done('POST', '/api/v1/rights-requests', {
    token: again,
    body: { type: 'rectification', details: person.message, rectifications: [{ field: 'company', value: company }] },
  });
  const contact = { email: person.otherEmail, givenName, familyName };
  const { id, headers: tracking } = await cases.confirmed({ type: 'access', details: person.message }, contact);
  secrets.push(tracking['x-tracking-code']);
  const dpo = await cases.staff('dpo-1', 'dpo');
  expect((await cases.act(dpo, id, 'request-identity', { reason: person.reason })).status).toBe(200);
  const uploaded = await cases.upload(
    id,
    Buffer.from(`%PDF-1.7\n1 0 obj\n<< /Author (${familyName}) >>\nendobj\n%%EOF\n`),
    tracking,
  );
  expect(uploaded.status).toBe(201);
}

/** What goes wrong with it: every one of these writes a line to the log. */
async function suffer(): Promise<void> {
  const strike = async (target: string, during: () => Promise<unknown>) => {
    await product.control('PUT', '/faults', { target, rate: 1, status: target === 'mail' ? 451 : 503 });
    await during();
    await product.control('DELETE', '/faults');
  };
  const token = await signIn(person.newPassword);
  await strike('cosmos', () => call('GET', '/api/v1/me', { token }));
  await strike('cosmos', () => call('POST', '/api/v1/accounts', { body: product.registration(person.email) }));
  await strike('mail', async () => {
    await call('POST', '/api/v1/contact', { token, body: { message: person.message } });
    await product.control('POST', '/timers/deliver-notifications');
  });
  await strike('staff-identity', async () => {
    const staff = await product.staffToken('dpo');
    await product.stack.killFunctions();
    await product.stack.restartFunctions();
    await call('GET', '/api/v1/desk/audit?from=2026-01-01', { token: staff });
  });
  for (const timer of (await product.control('GET', '/timers')).body.timers) {
    await product.control('POST', `/timers/${timer}`);
  }
}

/** Which of the person's data and secrets a text holds, in any of the spellings that they travel in. */
function foundIn(text: string): readonly string[] {
  const spellings = (value: string) => [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    Buffer.from(value).toString('base64').replace(/=+$/, ''),
    Buffer.from(value).toString('base64url'),
  ];
  const folded = text.toLowerCase();
  return [...Object.values(person), ...secrets].filter((value) =>
    spellings(value).some((spelling) => folded.includes(spelling.toLowerCase())),
  );
}

beforeAll(async () => {
  await live();
  await suffer();
}, 120_000);

describe('F1 nothing personal and no secret is in what many can see', () => {
  it('the search finds what it looks for, however it is spelled', () => {
    for (const value of [...Object.values(person), ...secrets]) {
      expect(value).toBeTruthy();
      for (const text of [`… ${value} …`, JSON.stringify({ value }), encodeURIComponent(value)]) {
        expect(foundIn(text)).toContain(value);
      }
    }
  });

  it('in no line of the log', () => {
    const lines = product.logLines;
    for (const event of ['request-failed', 'pending-work-failed']) {
      expect(lines.filter((line) => line.includes(event)).length, event).toBeGreaterThan(0);
    }
    expect(lines.map((line) => ({ line, found: foundIn(line) })).filter(({ found }) => found.length > 0)).toEqual([]);
  });

  it('in no id or partition key of what is stored', async () => {
    const stored = await rawStore(product.stack).everything();
    expect(stored.length).toBeGreaterThan(20);
    expect(stored.map(({ name }) => ({ name, found: foundIn(name) })).filter(({ found }) => found.length > 0)).toEqual(
      [],
    );
  });

  it('in no name of a stored object, nor in its content', async () => {
    const blobs = (await Promise.all(blobContainers.map((name) => storedBy(product).blobs(name)))).flat();
    expect(blobs.length).toBeGreaterThan(0);
    for (const { name, bytes } of blobs) {
      expect(foundIn(name)).toEqual([]);
      expect(foundIn(bytes.toString('latin1'))).toEqual([]);
    }
  });

  it('secrets in nothing that is stored at all', async () => {
    const stored = JSON.stringify((await rawStore(product.stack).everything()).map(({ item }) => item));
    const found = foundIn(stored).filter((value) => secrets.includes(value) || value === person.newPassword);
    expect(found).toEqual([]);
  });
});

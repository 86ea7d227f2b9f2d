import type { Agent } from 'node:http';
import { send, type Target } from './load.ts';

export const PASSWORD = 'quartz-embargo-nimbus-42';

/** A POST with a JSON body. */
export const json = (body: object): Pick<Target, 'method' | 'body' | 'headers'> => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** What registers at the product: a running stack, and the connections to use. */
interface Product {
  readonly agent: Agent;
  readonly url: string;
  readonly controlUrl: string;
}

/** The body of a registration of this address. */
export const registrationOf = (email: string) => ({
  email,
  password: PASSWORD,
  givenName: 'Ana',
  familyName: 'Roux',
  company: 'Garage du Lac',
  acceptedTerms: '1.0',
  acceptedCharter: '1.0',
});

/** Registers people and confirms their addresses; answers the addresses. */
export async function registerPeople({ agent, url, controlUrl }: Product, count: number): Promise<readonly string[]> {
  const emails = Array.from({ length: count }, (_, n) => `person-${n}@partner.example`);
  for (const email of emails) await send(agent, { url: `${url}/api/v1/accounts`, ...json(registrationOf(email)) });
  for (const email of emails) {
    const token = await mailedToken({ agent, url, controlUrl }, email);
    const { status } = await send(agent, { url: `${url}/api/v1/accounts/verify`, ...json({ token }) });
    if (status !== 204) throw new Error(`verification answered ${status}`);
  }
  return emails;
}

async function mailedToken({ agent, controlUrl }: Product, email: string): Promise<string> {
  for (let tried = 0; tried < 200; tried += 1) {
    const { body } = await send(agent, { url: `${controlUrl}/mail?to=${encodeURIComponent(email)}` });
    const token = /[?&]token=([\w.-]+)/.exec(body)?.[1];
    if (token) return token;
    await new Promise((resume) => setTimeout(resume, 50));
  }
  throw new Error(`no mail came to ${email}`);
}

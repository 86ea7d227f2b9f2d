import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type Stack, startStack } from '../../local/stack.ts';
import { type OpenApi, type PublishedContract, publishedContract } from './published-contract.ts';
import { askedOnce, noteDeclared, noteReached } from './reached-answers.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape
  readonly body: any;
}

interface Call {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export const PASSWORD = 'quartz-embargo-nimbus-42';
const settled = { tries: 1_000, pauseMs: 50 };

/** The whole product on free ports with data of its own, for one test file; started before its tests, stopped after them. */
export function useProduct(environment: Readonly<Record<string, string>> = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'extranet-'));
  let stack: Stack;
  let contract: PublishedContract;
  const logLines: string[] = [];

  beforeAll(async () => {
    stack = await startStack({
      port: 0,
      controlPort: 0,
      dataDir,
      quiet: true,
      timers: false,
      environment,
      onLogLine: (line) => logLines.push(line),
    });
    const ask = async () => (await send(`${stack.url}/api/openapi.json`, 'GET', {})).body as OpenApi;
    contract = publishedContract(await askedOnce(ask));
    noteDeclared(contract.declared);
  });
  afterAll(async () => {
    await stack?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function send(url: string, method: string, { token, body, headers = {} }: Call): Promise<Answer> {
    const response = await fetch(url, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return read(response);
  }

  async function read(response: Response): Promise<Answer> {
    const text = await response.text();
    const isJson = text !== '' && response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  /** Every answer of the product is held against its OpenAPI document, whatever the test itself looks at. */
  function held<T extends Answer>(method: string, path: string, answer: T): T {
    const contentType = answer.headers.get('content-type') ?? '';
    const operation = contract.check(method, path.split('?')[0] ?? '', { ...answer, contentType });
    if (operation !== undefined) noteReached(operation, answer.status);
    return answer;
  }

  async function call(method: string, path: string, given: Call = {}): Promise<Answer> {
    return held(method, path, await send(`${stack.url}${path}`, method, given));
  }

  const product = {
    get stack() {
      return stack;
    },
    call,
    /** For what is not JSON: uploads and downloads. */
    async fetch(path: string, init: RequestInit = {}): Promise<Response> {
      const response = await fetch(`${stack.url}${path}`, init);
      held(init.method ?? 'GET', path, await read(response.clone()));
      return response;
    },
    /** All that the functions process has written so far. */
    logLines: logLines as readonly string[],
    control: (method: string, path: string, body?: unknown) => send(`${stack.controlUrl}${path}`, method, { body }),

    /** The mails to an address, once at least `count` have arrived. */
    async mails(to: string, count = 1): Promise<readonly Mail[]> {
      for (let tried = 0; tried < settled.tries; tried += 1) {
        const { body } = await this.control('GET', `/mail?to=${encodeURIComponent(to)}`);
        if (body.messages.length >= count) return body.messages;
        await new Promise((resume) => setTimeout(resume, settled.pauseMs));
      }
      throw new Error(`fewer than ${count} mails to ${to}`);
    },

    /** The mail to an address whose title holds these words, once it has arrived: mails are delivered side by side, in no order. The `nth` of its kind. */
    async mail(to: string, words: string, nth = 1): Promise<Mail> {
      for (let count = nth; ; count += 1) {
        const found = (await this.mails(to, count)).filter(({ subject }) => subject.includes(words))[nth - 1];
        if (found) return found;
      }
    },

    registration: (email: string, more: object = {}) => ({
      email,
      password: PASSWORD,
      givenName: 'Élodie',
      familyName: 'Nguyễn',
      company: 'Garage du Lac',
      acceptedTerms: '1.0',
      acceptedCharter: '1.0',
      ...more,
    }),

    /** A person with a confirmed account. */
    async person(email: string): Promise<{ email: string }> {
      await this.call('POST', '/api/v1/accounts', { body: this.registration(email) });
      const [mail] = await this.mails(email);
      const verified = await this.call('POST', '/api/v1/accounts/verify', { body: { token: tokenIn(mail) } });
      if (verified.status !== 204) throw new Error(`verification answered ${verified.status}`);
      return { email };
    },

    signIn: (email: string, more: object = {}, headers: Readonly<Record<string, string>> = {}) =>
      call('POST', '/api/v1/auth/login', { body: { email, password: PASSWORD, ...more }, headers }),

    async staffToken(...roles: string[]): Promise<string> {
      return (await this.control('GET', `/staff-token?roles=${roles.join(',')}`)).body.token;
    },
  };
  return product;
}

/** The one-time token that a mail hands over in its link. */
export function tokenIn(mail: Mail | undefined): string {
  const token = /[?&]token=([\w.-]+)/.exec(mail?.text ?? '')?.[1];
  if (!token) throw new Error('the mail holds no token');
  return token;
}

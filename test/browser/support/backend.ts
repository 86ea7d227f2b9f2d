import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  type ConsentClient,
  consentClientScript,
  klaroChoice,
  klaroConfig,
} from '../../../shared/consents/clients/index.ts';
import { consentPurposes } from '../../../shared/purposes/index.ts';

/** What the pages talk to. */
export interface Backend {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * FAKE: stands in for the product until `main` serves `/api/v1/consents`; it follows API.md and knows nothing else. This file is the
 * only one that changes then.
 */
export async function startBackend(origin: string): Promise<Backend> {
  const states = new Map<string, { choices: Record<string, string>; decidedAt: string }>();
  const purposes = [
    ...consentPurposes.map(({ id, title, description }) => ({
      id,
      title: title.fr,
      description: description.fr,
      consentRequired: true,
      legalBasis: 'consent',
    })),
    { id: 'session', title: 'Session', description: 'Session', consentRequired: false, legalBasis: 'contract' },
  ];
  const shown = { noticeVersion: '1.0', purposes: { fr: purposes, en: purposes } };
  const months = (from: string, count: number) => {
    const date = new Date(from);
    date.setUTCMonth(date.getUTCMonth() + count);
    return date.toISOString();
  };
  const terms = (at: string) => ({ decidedAt: at, askAgainAt: months(at, 6), expiresAt: months(at, 13) });

  function decide(visitorId: string | undefined, choices: Record<string, string>) {
    const id = visitorId ?? `vis_${randomBytes(16).toString('base64url')}`;
    const decidedAt = new Date().toISOString();
    states.set(id, { choices: { ...states.get(id)?.choices, ...choices }, decidedAt });
    return {
      id: `cns_${randomBytes(16).toString('base64url')}`,
      visitorId: id,
      choices,
      ...terms(decidedAt),
      receipt: '',
    };
  }

  async function answer(request: IncomingMessage): Promise<[number, unknown]> {
    const { pathname } = new URL(request.url ?? '/', 'http://fake');
    const body = await text(request);
    const named = request.headers['x-visitor-id'] as string | undefined;
    const script = /^\/api\/v1\/consent-clients\/(tarteaucitron|cookieconsent)\.js$/.exec(pathname)?.[1];
    if (script) return [200, consentClientScript(script as ConsentClient).source];
    if (pathname === '/api/v1/cookies') return [200, { noticeVersion: '1.0', cookies: [], purposes }];
    if (pathname.endsWith('/config.json'))
      return [200, { id: `1.0:${'0'.repeat(64)}`, ...klaroConfig(shown, 'default') }];
    if (pathname.endsWith('/submit')) {
      const choice = klaroChoice(JSON.parse(body).consent_data, purposes);
      return choice ? [201, { recorded: true, ...decide(undefined, choice.choices) }] : [200, { recorded: false }];
    }
    if (pathname !== '/api/v1/consents') return [404, {}];
    if (request.method === 'POST') {
      const { noticeVersion, language, choices, mechanism, client, visitorId, ...surplus } = JSON.parse(body);
      const known = new Set(purposes.filter((purpose) => purpose.consentRequired).map(({ id }) => id));
      const isValid =
        noticeVersion === '1.0' &&
        ['fr', 'en'].includes(language) &&
        Object.keys(choices).every((id) => known.has(id)) &&
        ['accept-all', 'refuse-all', 'choose', 'withdraw'].includes(mechanism) &&
        /^[0-9a-f]{64}$/.test(client.configHash) &&
        Object.keys(surplus).length === 0;
      return isValid ? [201, decide(visitorId ?? named, choices)] : [422, {}];
    }
    const state = states.get(named ?? '');
    if (request.method === 'DELETE' && state) {
      for (const id of Object.keys(state.choices)) state.choices[id] = 'denied';
    }
    if (!state) return [200, { choices: {}, signals: { gpc: false } }];
    return [200, { visitorId: named, choices: state.choices, ...terms(state.decidedAt), signals: { gpc: false } }];
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = {
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': 'X-Visitor-Id, Content-Type',
      'access-control-allow-methods': 'GET, POST, DELETE',
    };
    if (request.method === 'OPTIONS') {
      response.writeHead(204, headers).end();
      return;
    }
    const [status, body] = await answer(request);
    const isScript = typeof body === 'string';
    response.writeHead(status, { ...headers, 'content-type': isScript ? 'text/javascript' : 'application/json' });
    response.end(isScript ? body : JSON.stringify(body));
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

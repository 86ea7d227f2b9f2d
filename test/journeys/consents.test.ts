import { beforeAll, describe, expect, it } from 'vitest';
import { useProduct } from '../support/product.ts';

const product = useProduct({ ALLOWED_ORIGINS: 'https://extranet.example' });
const CONSENTS = '/api/v1/consents';
const ALL = ['audience-measurement', 'personalisation', 'content-suggestions', 'prospecting'];
const everything = (answer: 'granted' | 'denied') => Object.fromEntries(ALL.map((purpose) => [purpose, answer]));

const choice = (choices: object, more: object = {}) => ({
  noticeVersion: '1.0',
  language: 'fr',
  choices,
  mechanism: 'accept-all',
  ...more,
});
const decide = (choices: object, headers: Record<string, string> = {}, more: object = {}) =>
  product.call('POST', CONSENTS, { body: choice(choices, more), headers });
const stateOf = (visitorId: string, headers: Record<string, string> = {}) =>
  product.call('GET', CONSENTS, { headers: { 'x-visitor-id': visitorId, ...headers } });

async function moveClock(to: string) {
  await product.control('PUT', '/clock', { now: to });
}
const daysLater = async (days: number) => {
  const now = new Date((await product.control('GET', '/clock')).body.now);
  await moveClock(new Date(now.getTime() + days * 86_400_000).toISOString());
};

describe('H4 H7 a visitor chooses', () => {
  it('silence is refusal: nothing stands before a choice', async () => {
    const { status, body } = await product.call('GET', CONSENTS);
    expect({ status, body }).toEqual({ status: 200, body: { choices: {}, purposes: [], signals: { gpc: false } } });
  });

  it('accepting and refusing are each one call, with the same proof', async () => {
    for (const answer of ['granted', 'denied'] as const) {
      const { status, headers, body } = await decide(everything(answer));
      expect(status).toBe(201);
      expect(body).toMatchObject({ choices: everything(answer), receipt: `${CONSENTS}/${body.id}/receipt` });
      expect(body.id).toMatch(/^cns_[\w-]{44}$/);
      expect(body.visitorId).toMatch(/^vis_[\w-]{22}$/);
      expect(headers.get('set-cookie')).toMatch(/^__Host-visitor=vis_[\w-]{22};.*SameSite=Strict/i);
      expect((await stateOf(body.visitorId)).body).toMatchObject({
        visitorId: body.visitorId,
        choices: everything(answer),
        decidedAt: body.decidedAt,
        askAgainAt: body.askAgainAt,
        expiresAt: body.expiresAt,
      });
    }
  });
});

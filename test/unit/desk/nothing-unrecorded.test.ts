import { describe, expect, it } from 'vitest';
import { deskCaseActionRoutes } from '../../../functions/http/desk-case-actions.ts';
import { deskCaseListRoutes } from '../../../functions/http/desk-case-lists.ts';
import { deskRightsRequestRoutes } from '../../../functions/http/desk-rights-requests.ts';
import { StoreUnavailable } from '../../../shared/platform/cosmos/document-store.ts';

describe('C3 when the audit log cannot be written', () => {
  const shown: string[] = [];
  /** Services that note what they were asked to show. */
  const showing = (name: string): unknown =>
    new Proxy(() => undefined, {
      get: (_, property) => (property === 'then' ? undefined : showing(`${name}.${String(property)}`)),
      apply: () => {
        shown.push(name);
        return Promise.resolve({ requestId: 'req_x', nameKey: 'x', outcome: 'changed', items: [] });
      },
    });
  const services = {
    cases: showing('cases'),
    cursors: { decode: () => undefined, encode: () => '' },
    audit: { record: () => Promise.reject(new StoreUnavailable('down')) },
    habilitations: { granted: async () => ['identity-proofs'] },
  } as unknown as Parameters<typeof deskCaseListRoutes>[0] & Parameters<typeof deskRightsRequestRoutes>[0];
  const reads = ['list', 'csv', 'read', 'proofs-read'].map((name) => ({ name }));

  it.each(reads)('no desk route shows anything: $name', async ({ name }) => {
    const routes = [
      ...deskCaseListRoutes(services),
      ...deskRightsRequestRoutes(services),
      ...deskCaseActionRoutes(services),
    ];
    const route = routes.find((candidate) => candidate.name.startsWith('desk-') && candidate.name.endsWith(`-${name}`));
    const input = {
      params: { id: 'req_x', proofId: 'prf_x' },
      query: { limit: 1, sort: 'dueAt' },
      caller: { kind: 'staff', staffId: 'x', roles: ['dpo'] },
      now: new Date(0),
    };
    shown.length = 0;
    await expect(route?.handle(input as never)).rejects.toThrow(StoreUnavailable);
    expect(shown.filter((call) => /deskDetail|page|all|open/.test(call))).toEqual([]);
  });
});

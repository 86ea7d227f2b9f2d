import { beforeAll, describe, expect, it } from 'vitest';
import { staffRoles } from '../../shared/platform/http/route.ts';
import { useProduct } from '../support/product.ts';
import { staffMember } from '../support/staff.ts';

/**
 * Who may what at the desk, as the contract says it; written down apart from the routes, and held against all that the OpenAPI document
 * lists: a new endpoint of the desk fails here until somebody has said whose it is.
 */
const allowed: readonly (readonly [what: RegExp, ...roles: string[]])[] = [
  [/^GET \/desk\/rights-requests(\.csv|\/\{id\}(\/identity-proofs\/\{proofId\})?)?$/, 'dpo', 'support'],
  [/^GET \/desk\/rights-requests\/\{id\}\/package$/, 'dpo'],
  [/^POST \/desk\/rights-requests\/\{id\}\/notes$/, 'dpo', 'support'],
  [/^POST \/desk\/rights-requests/, 'dpo'],
  [/^GET \/desk\/dashboard$/, 'dpo', 'operator'],
  [/^GET \/desk\/case-archive/, 'dpo', 'auditor'],
  [/^GET \/desk\/accounts/, 'dpo', 'support'],
  [/^(GET|PUT|DELETE) \/desk\/habilitations/, 'habilitation-admin'],
  [/^GET \/desk\/audit/, 'dpo', 'auditor'],
  [/^GET \/desk\/processing-register/, 'dpo', 'auditor'],
  [/ \/desk\/(disclosures|breaches|death-notices)/, 'dpo'],
  [/ \/desk\/(legal-documents|cookies|purposes|announcements)/, 'publisher'],
  [/^GET \/desk\/statistics/, 'statistician'],
  [/^GET \/desk\/jobs/, 'auditor', 'operator'],
  [/^POST \/desk\/jobs/, 'operator'],
  [/^GET \/desk\/erasure-ledger/, 'dpo', 'auditor', 'operator'],
  [/^POST \/desk\/erasure-ledger/, 'dpo', 'operator'],
];

const product = useProduct();

interface Endpoint {
  readonly method: string;
  readonly path: string;
  readonly url: string;
  readonly roles: readonly string[] | undefined;
  readonly isForUsers: boolean;
}
let endpoints: readonly Endpoint[];
let user: string;
const tokens = new Map<string, string>();

beforeAll(async () => {
  const { body } = await product.call('GET', '/api/openapi.json');
  const paths = body.paths as Record<string, Record<string, { security: object[]; 'x-roles'?: string[] }>>;
  endpoints = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: path.replace('/api/v1', ''),
      url: path.replaceAll(/\{[^}]+\}/g, 'sample'),
      roles: operation['x-roles'],
      isForUsers:
        operation.security.length > 0 && operation.security.every((way) => 'user' in way || 'userCookie' in way),
    })),
  );
  for (const role of staffRoles) tokens.set(role, await staffMember(product, `single-${role}`, role));
  const { email } = await product.person('roles@partner.example');
  user = (await product.signIn(email)).body.accessToken;
});

const desk = () => endpoints.filter(({ path }) => path.startsWith('/desk/'));
const rolesOf = ({ method, path }: Endpoint) => allowed.find(([what]) => what.test(`${method} ${path}`))?.slice(1);

/** A request that no handler sees through to its end: authentication comes first, then validation. */
const probe = ({ method, url }: Endpoint, token: string) =>
  product.call(method, `${url}?surplus=1`, { token, ...(method === 'GET' ? {} : { body: { surplus: 1 } }) });

describe('C3 F1 a role opens what is its own and nothing else', () => {
  it('every endpoint of the desk names the roles that the contract gives it', () => {
    expect(desk().length).toBeGreaterThan(30);
    for (const endpoint of desk()) {
      const { method, path, roles } = endpoint;
      expect({ method, path, roles: roles?.toSorted() }).toEqual({
        method,
        path,
        roles: rolesOf(endpoint)?.toSorted(),
      });
    }
  });

  it('nothing outside of the desk is open to staff by their role', () => {
    expect(endpoints.filter(({ path, roles }) => roles && !path.startsWith('/desk/'))).toEqual([]);
  });

  it.each(staffRoles)('%s alone is refused with 403 exactly where it is not listed', async (role) => {
    const wrong: string[] = [];
    for (const endpoint of desk()) {
      const answer = await probe(endpoint, tokens.get(role) ?? '');
      const isOpen = endpoint.roles?.includes(role) ?? false;
      // What a role opens may still be refused for want of a habilitation, which says so in its own words.
      const isRefusedByRole = answer.status === 403 && answer.body.detail === 'Cette action ne vous est pas ouverte.';
      if (isRefusedByRole === isOpen || answer.status === 401)
        wrong.push(`${endpoint.method} ${endpoint.path} answered ${answer.status}`);
    }
    expect(wrong).toEqual([]);
  });

  it('all roles together open no more than each of them', async () => {
    const everything = await staffMember(product, 'everything', ...staffRoles);
    for (const endpoint of desk()) expect((await probe(endpoint, everything)).status).not.toBe(401);
    const unknown = await staffMember(product, 'unknown', 'admin', 'owner', 'DPO', '*');
    for (const endpoint of desk()) expect((await probe(endpoint, unknown)).status).toBe(403);
  });

  it('a user’s token opens nothing at the desk, and a staff token nothing of a user’s', async () => {
    for (const endpoint of desk()) expect((await probe(endpoint, user)).status).toBe(401);
    const forUsers = endpoints.filter(({ isForUsers }) => isForUsers);
    expect(forUsers.length).toBeGreaterThan(20);
    for (const endpoint of forUsers) {
      for (const token of tokens.values()) {
        const { status } = await probe(endpoint, token);
        expect({ path: endpoint.path, status }).toEqual({ path: endpoint.path, status: 401 });
      }
    }
  });
});

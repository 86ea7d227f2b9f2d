import { beforeAll, describe, expect, it } from 'vitest';
import { useProduct } from '../support/product.ts';

const product = useProduct();
const path = '/api/v1/desk/processing-register';
let dpo: string;

beforeAll(async () => {
  dpo = await product.staffToken('dpo');
});

const register = (accept: string, token = dpo) => product.call('GET', path, { token, headers: { accept } });

describe('B3 the record of processing is what the program obeys', () => {
  it('names controller, DPO, and each purpose with its basis, data, recipients and retention', async () => {
    const { status, body } = await register('application/json');
    expect(status).toBe(200);
    expect(body.controller.registration).toBe('RCS Nanterre 403 147 903');
    expect(body.dpo.email).toContain('@');
    const { items } = { items: body.activities as { id: string; legalBasis: string; data: { source: string }[] }[] };
    expect(items.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['D1', 'D2', 'D3', 'D4', 'D5', 'D6', 'D7', 'D8', 'D9', 'prospecting']),
    );
    expect(items.find(({ id }) => id === 'D1')?.legalBasis).toBe('contract');
    const sources = items.flatMap(({ data }) => data.map(({ source }) => source));
    expect(sources).toContain('disclosures');
    expect(body.securityMeasures.length).toBeGreaterThan(3);
  });

  it('is a table for a spreadsheet, in which no cell begins a formula', async () => {
    const { headers, body } = await register('text/csv');
    expect(headers.get('content-type')).toContain('text/csv');
    const lines = body.trim().split('\n');
    expect(lines[0]).toContain('Finalité;Base légale');
    expect(lines.length).toBeGreaterThan(13);
    for (const cell of body.split(/[;\n]/)) expect(cell).not.toMatch(/^"?[=+@\t\r]/);
  });

  it('is a page to hand to the CNIL: French, self-contained, without script', async () => {
    const { headers, body } = await register('text/html,application/xhtml+xml;q=0.9,*/*;q=0.8');
    expect(headers.get('content-type')).toContain('text/html');
    expect(body).toContain('<html lang="fr">');
    expect(body).toContain('Registre des activités de traitement');
    expect(body).not.toMatch(/<script|src=|@import|url\(/i);
  });

  it('is JSON unless something else is preferred, and for the DPO and auditors', async () => {
    expect((await register('*/*')).headers.get('content-type')).toContain('application/json');
    expect((await register('*/*', await product.staffToken('auditor'))).status).toBe(200);
    for (const role of ['support', 'operator', 'publisher'])
      expect((await register('*/*', await product.staffToken(role))).status).toBe(403);
  });
});

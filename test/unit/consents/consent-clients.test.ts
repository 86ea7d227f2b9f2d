import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildConsentClients } from '../../../scripts/consent-clients.ts';
import { consentClientScript } from '../../../shared/consents/clients/index.ts';

const clients = ['tarteaucitron', 'cookieconsent'] as const;

describe('H7 the scripts for consent modules', () => {
  it('are what their sources build: otherwise run "npm run consent-clients"', async () => {
    const built = await buildConsentClients();
    for (const client of clients) expect(consentClientScript(client)).toMatchObject(built[client]);
  });

  it.each(clients)('%s is small, and brings nothing along', (client) => {
    const { source } = consentClientScript(client);
    expect(gzipSync(source).length).toBeLessThan(4_096);
    expect(source).not.toMatch(/\b(?:import|require|eval|Function)\s*\(/);
    expect(source).not.toMatch(/https?:\/\//);
  });

  it.each(clients)('%s is documented with its present address and hash', (client) => {
    const { integrity, version } = consentClientScript(client);
    const guide = readFileSync('docs/consent-clients.md', 'utf8');
    const tags = [...guide.matchAll(/<script\s[^>]*>/g)].filter(([tag]) =>
      tag.includes(`/consent-clients/${client}.js`),
    );
    expect(tags.length).toBeGreaterThan(0);
    for (const [tag] of tags) {
      expect(tag).toContain(`/consent-clients/${client}.js?v=${version}"`);
      expect(tag).toContain(`integrity="${integrity}"`);
      expect(tag).toContain('crossorigin="anonymous"');
    }
  });
});

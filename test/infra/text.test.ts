import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GENERATED, generatedFiles, registeredTimers } from '../../scripts/infra-generate.ts';
import { alertEvents } from '../../shared/platform/alert-events.ts';
import { settingNames } from '../../shared/platform/config.ts';
import { staffRoles } from '../../shared/platform/http/route.ts';

// What can be seen in the text of the Bicep files, where no compiler can be had. What the compiler makes of them is held
// against the same list, property by property, in deployment.test.ts.

const files = globSync('infra/**/*.{bicep,bicepparam}').map((path) => ({ path, text: readFileSync(path, 'utf8') }));
const all = files.map(({ text }) => text).join('\n');
const occurrences = (text: string | RegExp) => all.match(new RegExp(text, 'g'))?.length ?? 0;
const resourcesOf = (type: string) =>
  occurrences(`^resource \\w+ '${type}@[^']+' = `) || occurrences(`'${type}@[^']+' =`);

/** The local stack's own ways in; in Azure the identity takes their place. */
const LOCAL_ONLY = ['COSMOS_KEY', 'BLOB_ACCOUNT_NAME', 'BLOB_ACCOUNT_KEY'];

describe('what the Bicep files take from the code', () => {
  it.each([...generatedFiles()])('%s is what the code says now; else run "npm run infra:generate"', (name, content) => {
    expect(readFileSync(join(GENERATED, name), 'utf8')).toBe(content);
  });

  it('is everything that they load', () => {
    const loaded = [...all.matchAll(/loadJsonContent\('\.\.\/generated\/([^']+)'\)/g)].map((match) => match[1]);
    expect(loaded.filter((name) => !generatedFiles().has(name ?? ''))).toEqual([]);
  });

  it('offers the staff roles of the product to Entra ID, each under an id of its own', () => {
    const roles = JSON.parse(readFileSync(join(GENERATED, 'entra-app-roles.json'), 'utf8')) as {
      id: string;
      value: string;
    }[];
    expect(roles.map(({ value }) => value)).toEqual([...staffRoles]);
    expect(new Set(roles.map(({ id }) => id)).size).toBe(staffRoles.length);
  });

  it('has timers to ring for', () => {
    expect(registeredTimers().map(({ name }) => name)).toContain('deliver-notifications');
  });
});

describe('secrets', () => {
  it('are asked for by no parameter and read by no function', () => {
    expect(occurrences(/@secure\(\)/)).toBe(0);
    expect(occurrences(/\blist(Keys|Secrets|AccountSas|ServiceSas|ConnectionStrings)?\s*\(/)).toBe(0);
    expect(occurrences(/\bgetSecret\s*\(/)).toBe(0);
    expect(occurrences(/AccountKey=|SharedAccessSignature|accountKey|primaryKey|primaryMasterKey/)).toBe(0);
  });

  it('stand in the settings as Key Vault references', () => {
    for (const name of ['SIGNING_KEYS', 'LOGIN_KEY', 'DATA_KEY', 'SMTP_URL'])
      expect(all).toMatch(new RegExp(`\\b${name}: '@Microsoft\\.KeyVault\\(SecretUri=\\$\\{`));
  });
});

describe('doors that are shut', () => {
  it.each([
    ['Microsoft.Storage/storageAccounts', 'allowSharedKeyAccess: false'],
    ['Microsoft.Storage/storageAccounts', 'allowBlobPublicAccess: false'],
    ['Microsoft.Storage/storageAccounts', "minimumTlsVersion: 'TLS1_2'"],
    ['Microsoft.Storage/storageAccounts', 'supportsHttpsTrafficOnly: true'],
    ['Microsoft.DocumentDB/databaseAccounts', 'disableLocalAuth: true\n    disableKeyBasedMetadataWriteAccess: true'],
    ['Microsoft.DocumentDB/databaseAccounts', "minimalTlsVersion: 'Tls12'"],
    ['Microsoft.KeyVault/vaults', 'enableRbacAuthorization: true'],
    ['Microsoft.KeyVault/vaults', 'enablePurgeProtection: true'],
    ['Microsoft.Web/sites', 'httpsOnly: true'],
    ['Microsoft.Web/sites', "\\bminTlsVersion: '1.2'"],
    ['Microsoft.Web/sites', "ftpsState: 'Disabled'"],
    ['Microsoft.OperationalInsights/workspaces', 'disableLocalAuth: true\n      enableLogAccess'],
  ])('every %s says %s', (type, property) => {
    expect(resourcesOf(type)).toBeGreaterThan(0);
    expect(occurrences(property)).toBe(resourcesOf(type));
  });

  it('no module comes from elsewhere, so that the files compile without a network', () => {
    expect(occurrences(/'(br|ts)[:/]/)).toBe(0);
  });

  it('the regions are those in France', () => {
    expect(all).toContain("param location 'francecentral' | 'francesouth'");
    for (const { path, text } of files) {
      const named = text.match(
        /\b(west|north|central|east|south|sweden|germany|uk|italy|poland)\w*(europe|us|central|south|west)\d?\b/gi,
      );
      expect({ path, named }).toEqual({ path, named: null });
    }
  });
});

describe('app settings', () => {
  const emitted = new Set([...all.matchAll(/^\s+([A-Z][A-Z0-9_]+): (?:'|\w)/gm)].map((match) => match[1]));

  it('give the product every setting that it knows, but for those of the local stack', () => {
    const known = [...settingNames].filter((name) => !LOCAL_ONLY.includes(name));
    expect(known.filter((name) => name !== 'CONTROLLER' && !emitted.has(name))).toEqual([]);
    expect(all).toContain('{ CONTROLLER: string(controller) }');
    expect(LOCAL_ONLY.filter((name) => emitted.has(name))).toEqual([]);
  });

  it('hold none that Flex Consumption refuses', () => {
    const refused =
      /FUNCTIONS_WORKER_RUNTIME|FUNCTIONS_EXTENSION_VERSION|WEBSITE_RUN_FROM_PACKAGE|WEBSITE_CONTENT|SCM_DO_BUILD_DURING_DEPLOYMENT|WEBSITE_TIME_ZONE|\bTZ:/;
    expect(occurrences(refused)).toBe(0);
  });
});

describe('alerts', () => {
  const sources = globSync('{shared,functions}/**/*.ts')
    .filter((path) => !path.endsWith('alert-events.ts'))
    .map((path) => readFileSync(path, 'utf8'));
  /** Each event, and the word of the code that finds it: asked for as soon as that code is there. */
  const found: readonly (readonly [key: keyof typeof alertEvents, word: string])[] = [
    ['workGivenUp', 'stalledAt'],
    ['overdueRequest', 'overdueSince'],
  ];

  it('has a word for every event', () => {
    expect(found.map(([key]) => key).sort()).toEqual(Object.keys(alertEvents).sort());
  });

  it.each(found.filter(([, word]) => sources.some((text) => text.includes(word))))(
    'the event of %s is logged by the code',
    (key) => {
      const event = alertEvents[key];
      const isLogged = sources.some((text) => text.includes(`alertEvents.${key}`));
      expect({ event, isLogged }).toEqual({ event, isLogged: true });
    },
  );

  it('each have an entry in the runbook', () => {
    const runbook = readFileSync('infra/README.md', 'utf8').split('## When an alert rings')[1] ?? '';
    const titles = [...all.matchAll(/title: '([^']+)'/g)].map((match) => match[1]);
    expect(titles.length).toBeGreaterThan(3);
    for (const title of [...titles, 'timer-not-run', 'database-throttled', 'vault-refused'])
      expect(runbook).toContain(`| \`${title}\``);
  });
});

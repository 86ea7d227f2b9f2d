import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { findBicep, type PredictedResource, type Template } from '../../scripts/bicep.ts';
import { registeredTimers } from '../../scripts/infra-generate.ts';
import { blobContainers } from '../../shared/platform/blobs/containers.ts';
import { settingNames } from '../../shared/platform/config.ts';
import { containers, indexingPolicy } from '../../shared/platform/cosmos/containers.ts';

// What would be deployed, as the Bicep compiler works it out from the parameter files: every property of the
// secure-by-default list, in both profiles. Without a compiler only text.test.ts runs.

const found = await findBicep();
if (!found.bicep) console.warn(`THE BICEP FILES WERE NOT COMPILED: ${found.why}. Only their text was checked.`);
const COMPILES_MS = 120_000;

type Profile = 'dev' | 'prod';
const profiles: readonly Profile[] = ['dev', 'prod'];
const deployed: Record<Profile, readonly PredictedResource[]> = { dev: [], prod: [] };
let template: Template;

/** The resources of a type, at least one. */
function all(profile: Profile, type: string): readonly PredictedResource[] {
  const resources = deployed[profile].filter((resource) => resource.type === type);
  expect(resources.length).toBeGreaterThan(0);
  return resources;
}

function one(profile: Profile, type: string): PredictedResource {
  const [resource, ...others] = all(profile, type);
  expect(others).toEqual([]);
  return resource as PredictedResource;
}

const storage = 'Microsoft.Storage/storageAccounts';
const cosmos = 'Microsoft.DocumentDB/databaseAccounts';
const vault = 'Microsoft.KeyVault/vaults';
const site = 'Microsoft.Web/sites';

function dataAccount(profile: Profile): PredictedResource {
  const seals = deployed[profile].find((resource) => resource.id.endsWith('/containers/audit-seals'));
  return all(profile, storage).find(({ id }) => seals?.id.startsWith(`${id}/`)) as PredictedResource;
}

function hostAccount(profile: Profile): PredictedResource {
  return all(profile, storage).find(({ id }) => id !== dataAccount(profile).id) as PredictedResource;
}

const settings = (profile: Profile): Readonly<Record<string, string>> =>
  deployed[profile].find(({ id }) => id.endsWith('/config/appsettings'))?.properties ?? {};

describe.skipIf(!found.bicep)('the deployment', () => {
  beforeAll(async () => {
    if (!found.bicep) return;
    template = await found.bicep.compile();
    for (const profile of profiles) deployed[profile] = await found.bicep.predict(`${profile}.bicepparam`);
  }, COMPILES_MS);

  describe.each(profiles)('%s', (profile) => {
    describe('keys and passwords open nothing', () => {
      it('storage takes identities only', () => {
        for (const { properties } of all(profile, storage)) {
          expect(properties).toMatchObject({
            allowSharedKeyAccess: false,
            defaultToOAuthAuthentication: true,
            isLocalUserEnabled: false,
            isSftpEnabled: false,
            allowCrossTenantReplication: false,
          });
        }
      });

      it('the database takes identities only', () => {
        expect(one(profile, cosmos).properties).toMatchObject({
          disableLocalAuth: true,
          disableKeyBasedMetadataWriteAccess: true,
        });
      });

      it('telemetry takes identities only', () => {
        expect(one(profile, 'Microsoft.Insights/components').properties.DisableLocalAuth).toBe(true);
        expect(one(profile, 'Microsoft.OperationalInsights/workspaces').properties.features.disableLocalAuth).toBe(
          true,
        );
        expect(settings(profile).APPLICATIONINSIGHTS_AUTHENTICATION_STRING).toContain('Authorization=AAD');
      });

      it('publishing by user name and password is off, FTP is off', () => {
        const policies = all(profile, 'Microsoft.Web/sites/basicPublishingCredentialsPolicies');
        expect(policies.map(({ name, properties }) => [name.split('/').at(-1), properties.allow]).sort()).toEqual([
          ['ftp', false],
          ['scm', false],
        ]);
        expect(one(profile, site).properties.siteConfig.ftpsState).toBe('Disabled');
      });

      it('the host and the deployment reach their storage by identity', () => {
        expect(settings(profile)).toMatchObject({ AzureWebJobsStorage__credential: 'managedidentity' });
        expect(settings(profile)).not.toHaveProperty('AzureWebJobsStorage');
        const { authentication } = one(profile, site).properties.functionAppConfig.deployment.storage;
        expect(authentication.type).toBe('UserAssignedIdentity');
      });

      it('the app is itself by a user-assigned identity', () => {
        expect(one(profile, site).identity?.type).toBe('UserAssigned');
        expect(one(profile, site).properties.keyVaultReferenceIdentity).toBe(
          one(profile, 'Microsoft.ManagedIdentity/userAssignedIdentities').id,
        );
      });
    });

    describe('nothing travels in the clear', () => {
      it('TLS 1.2 at least, everywhere', () => {
        for (const { properties } of all(profile, storage)) {
          expect(properties).toMatchObject({ minimumTlsVersion: 'TLS1_2', supportsHttpsTrafficOnly: true });
        }
        expect(one(profile, cosmos).properties.minimalTlsVersion).toBe('Tls12');
        expect(one(profile, site).properties).toMatchObject({
          httpsOnly: true,
          siteConfig: { minTlsVersion: '1.2', scmMinTlsVersion: '1.2', remoteDebuggingEnabled: false },
        });
      });
    });

    describe('nothing is public', () => {
      it('no blob is', () => {
        for (const { properties } of all(profile, storage)) expect(properties.allowBlobPublicAccess).toBe(false);
        for (const { properties } of all(profile, 'Microsoft.Storage/storageAccounts/blobServices/containers'))
          expect(properties.publicAccess).toBe('None');
      });

      it('no service of Azure passes the firewalls on its name alone', () => {
        for (const { properties } of all(profile, storage)) expect(properties.networkAcls.bypass).toBe('None');
        expect(one(profile, vault).properties.networkAcls.bypass).toBe('None');
        expect(one(profile, cosmos).properties.networkAclBypass).toBe('None');
      });
    });

    describe('the identity may do what the product does, and no more', () => {
      const roleOf = (assignment: PredictedResource) => {
        const roles = all(profile, `${cosmos}/sqlRoleDefinitions`);
        const role = roles.find(({ id }) => id === assignment.properties.roleDefinitionId);
        return role?.properties.permissions.flatMap((permission: { dataActions: string[] }) => permission.dataActions);
      };
      const inContainer = (id: string) =>
        all(profile, `${cosmos}/sqlRoleAssignments`).find(({ properties }) =>
          String(properties.scope).endsWith(`/dbs/extranet/colls/${id}`),
        ) as PredictedResource;
      const items = `${cosmos}/sqlDatabases/containers/items`;

      it.each(containers.map(({ id, appendOnly }) => [id, appendOnly ?? false] as const))(
        'in the container %s (append only: %s)',
        (id, appendOnly) => {
          const actions = roleOf(inContainer(id));
          const changes = ['replace', 'upsert', 'delete'].map((action) => `${items}/${action}`);
          expect(actions).toContain(`${items}/create`);
          expect(actions).toContain(`${items}/read`);
          for (const change of changes) expect(actions.includes(change)).toBe(!appendOnly);
          expect(actions.filter((action: string) => action.includes('*'))).toEqual([]);
        },
      );

      it('C3 F1: the audit log is among the containers where nothing can be changed or removed', () => {
        const actions = roleOf(inContainer('audit'));
        expect(actions).not.toContain(`${items}/replace`);
        expect(actions).not.toContain(`${items}/upsert`);
        expect(actions).not.toContain(`${items}/delete`);
      });

      it('beyond its containers it reads metadata, which shows no item', () => {
        const wide = all(profile, `${cosmos}/sqlRoleAssignments`).filter(
          ({ properties }) => !String(properties.scope).includes('/colls/'),
        );
        expect(wide.map(roleOf)).toEqual([[`${cosmos}/readMetadata`]]);
      });

      it('in blob storage, container by container; in the vault, reads secrets and wraps with one key', () => {
        const grants = all(profile, 'Microsoft.Authorization/roleAssignments').map(
          ({ id, properties }) =>
            [
              id.split('/providers/Microsoft.Authorization/')[0]?.split('/').slice(-2).join('/'),
              String(properties.roleDefinitionId).split('/').at(-1),
            ] as const,
        );
        const blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe';
        expect(grants.filter(([, role]) => role === blobDataContributor).map(([scope]) => scope)).toEqual(
          blobContainers.map((name) => `containers/${name}`),
        );
        const others = grants.filter(([, role]) => role !== blobDataContributor).map(([, role]) => role);
        expect(others.sort()).toEqual([
          '3913510d-42f4-4e42-8a64-420c390055eb', // publishes telemetry
          '4633458b-17de-408a-b874-0445c86b69e6', // reads secrets
          'b7e6dc6d-f1e8-4753-8033-0f276bb0955b', // the host's own storage
          'e147488a-f6f5-4113-8e2d-b22465e65bf6', // wraps and unwraps with the one key
        ]);
        const [wrapping] = grants.filter(([, role]) => role === 'e147488a-f6f5-4113-8e2d-b22465e65bf6');
        expect(wrapping?.[0]).toBe('keys/object-wrapping');
      });
    });

    describe('the vault', () => {
      it('goes by roles and cannot be purged', () => {
        expect(one(profile, vault).properties).toMatchObject({
          enableRbacAuthorization: true,
          enableSoftDelete: true,
          enablePurgeProtection: true,
          softDeleteRetentionInDays: 90,
        });
      });

      it('holds the key that wraps, of a size that RSA-OAEP-256 asks for, and for nothing else', () => {
        const key = one(profile, 'Microsoft.KeyVault/vaults/keys');
        expect(key.properties.kty).toBe('RSA');
        expect(key.properties.keySize).toBeGreaterThanOrEqual(3072);
        expect(key.properties.keyOps).toEqual(['wrapKey', 'unwrapKey']);
        // A version that ended would leave objects that nobody can open.
        expect(key.properties.attributes?.exp).toBeUndefined();
      });

      it('hands secrets to the app by reference', () => {
        for (const name of ['SIGNING_KEYS', 'LOGIN_KEY', 'DATA_KEY', 'SMTP_URL'])
          expect(settings(profile)[name]).toMatch(/Microsoft\.KeyVault\(SecretUri=/);
      });
    });

    describe('G3 erasure: what is erased is gone', () => {
      it('no soft delete, version, snapshot or change feed keeps an object of the data account', () => {
        const service = all(profile, 'Microsoft.Storage/storageAccounts/blobServices').find(({ id }) =>
          id.startsWith(`${dataAccount(profile).id}/`),
        );
        expect(service?.properties).toMatchObject({
          deleteRetentionPolicy: { enabled: false },
          containerDeleteRetentionPolicy: { enabled: false },
          restorePolicy: { enabled: false },
          changeFeed: { enabled: false },
          isVersioningEnabled: false,
        });
      });

      it('identity proofs end after 30 days and exports after 14, even if no timer runs', () => {
        const { rules } = one(profile, 'Microsoft.Storage/storageAccounts/managementPolicies').properties.policy;
        const terms = rules.map((rule: { enabled: boolean; definition: Rule }) => [
          rule.enabled,
          rule.definition.filters.prefixMatch,
          rule.definition.actions.baseBlob.delete.daysAfterCreationGreaterThan,
        ]);
        expect(terms).toEqual([
          [true, ['exports/'], 14],
          [true, ['identity-proofs/'], 30],
        ]);
      });

      it('the database can be restored for seven days, no longer', () => {
        expect(one(profile, cosmos).properties.backupPolicy).toEqual({
          type: 'Continuous',
          continuousModeProperties: { tier: 'Continuous7Days' },
        });
      });
    });

    it('audit seals can be neither changed nor deleted for as long as the log is kept, by a policy left unlocked', () => {
      const policy = one(profile, 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies');
      expect(policy.id).toContain('/containers/audit-seals/');
      expect(policy.properties.immutabilityPeriodSinceCreationInDays).toBeGreaterThan(365);
      expect(policy.properties.allowProtectedAppendWrites).toBe(false);
      expect(policy.properties).not.toHaveProperty('state');
    });

    it('the host and the data have storage accounts of their own', () => {
      expect(all(profile, storage)).toHaveLength(2);
      expect(hostAccount(profile).id).not.toBe(dataAccount(profile).id);
      // The addresses are known to Azure only: what can be seen is which module they come from.
      expect(settings(profile).BLOB_ENDPOINT).toContain("format('dataStorage-");
      expect(settings(profile).AzureWebJobsStorage__blobServiceUri).toContain("format('hostStorage-");
    });

    it('everything is in France', () => {
      for (const { id, location = 'global' } of deployed[profile])
        expect({ id, location }).toEqual({
          id,
          location: expect.stringMatching(/^(francecentral|francesouth|global)$/),
        });
      for (const { locationName } of one(profile, cosmos).properties.locations)
        expect(locationName).toMatch(/^france(central|south)$/);
      const global = deployed[profile].filter(({ location }) => location === 'global').map(({ type }) => type);
      // Neither name zones nor alert rules hold personal data.
      for (const type of global) expect(type).toMatch(/privateDnsZones|actionGroups|metricAlerts/);
    });

    it('every store, the vault and the app hand their logs or metrics to the workspace', () => {
      const watched = all(profile, 'Microsoft.Insights/diagnosticSettings').map(
        ({ id }) => id.split('/providers/Microsoft.Insights/')[0],
      );
      expect(watched.sort()).toEqual(
        [
          one(profile, cosmos).id,
          one(profile, vault).id,
          one(profile, site).id,
          `${dataAccount(profile).id}/blobServices/default`,
          `${hostAccount(profile).id}/blobServices/default`,
        ].sort(),
      );
    });

    it('the functions run on Node 24 in a Flex Consumption plan, and answer preflights themselves', () => {
      expect(one(profile, 'Microsoft.Web/serverfarms').sku?.name).toBe('FC1');
      expect(one(profile, site).properties.functionAppConfig.runtime).toEqual({ name: 'node', version: '24' });
      expect(one(profile, site).properties.siteConfig).not.toHaveProperty('cors');
    });

    it('the containers are those of the code, with their keys, indexes and times to live', () => {
      const made = all(profile, `${cosmos}/sqlDatabases/containers`).map(({ properties }) => properties.resource);
      expect(made).toEqual(
        containers.map((definition) => ({
          id: definition.id,
          partitionKey: { kind: 'Hash', version: 2, paths: [definition.partitionKey] },
          indexingPolicy: indexingPolicy(definition),
          defaultTtl: -1,
        })),
      );
    });

    it('the blob containers are those of the code', () => {
      const made = all(profile, 'Microsoft.Storage/storageAccounts/blobServices/containers')
        .filter(({ id }) => id.startsWith(`${dataAccount(profile).id}/`))
        .map(({ id }) => id.split('/').at(-1));
      expect(made).toEqual([...blobContainers]);
    });

    it('the app settings are those that the code reads, both ways', () => {
      const localOnly = ['COSMOS_KEY', 'BLOB_ACCOUNT_NAME', 'BLOB_ACCOUNT_KEY'];
      const optional = profile === 'dev' ? ['CONTROLLER'] : [];
      const ofTheHost = /^(AzureWebJobs|APPLICATIONINSIGHTS_)/;
      const given = Object.keys(settings(profile)).filter((name) => !ofTheHost.test(name));
      const read = settingNames.filter((name) => !localOnly.includes(name) && !optional.includes(name));
      expect(given.sort()).toEqual([...read].sort());
    });

    it('no setting is one that Flex Consumption refuses', () => {
      const refused =
        /^(FUNCTIONS_WORKER_RUNTIME|FUNCTIONS_EXTENSION_VERSION|WEBSITE_RUN_FROM_PACKAGE|WEBSITE_CONTENT.*|SCM_DO_BUILD_DURING_DEPLOYMENT|WEBSITE_TIME_ZONE|TZ)$/;
      expect(Object.keys(settings(profile)).filter((name) => refused.test(name))).toEqual([]);
    });

    it('every timer has an alert that rings after twice its pause, and no alert waits for a timer that is not', () => {
      const rules = all(profile, 'Microsoft.Insights/scheduledQueryRules').filter(({ name }) =>
        name.includes('-timer-'),
      );
      const watched = rules.map(({ properties }) => ({
        name: /OperationName == "([^"]+)"/.exec(properties.criteria.allOf[0].query)?.[1],
        window: minutesOf(properties.windowSize) >= 15 ? minutesOf(properties.windowSize) : 0,
      }));
      expect(watched.map(({ name }) => name)).toEqual(registeredTimers().map(({ name }) => name));
      for (const { name, period } of registeredTimers()) {
        const window = watched.find((rule) => rule.name === name)?.window ?? 0;
        expect(window * 60_000).toBeGreaterThanOrEqual(2 * period);
        expect(window * 60_000).toBeLessThanOrEqual(Math.max(3 * period, 15 * 60_000));
      }
    });

    it('there are alerts for errors, throttling, overdue cases, dead letters and refusals by the vault; somebody is told', () => {
      const rules = deployed[profile].filter(({ type }) => /metricAlerts|scheduledQueryRules/.test(type));
      const names = rules.map(({ name }) => name.replace(`alert-extranet-${profile}-`, ''));
      for (const name of [
        'server-errors',
        'callers-throttled',
        'database-throttled',
        'overdue-requests',
        'dead-letters',
        'vault-refused',
      ])
        expect(names).toContain(name);
      const group = one(profile, 'Microsoft.Insights/actionGroups');
      expect(group.properties.emailReceivers.length).toBeGreaterThan(0);
      for (const { properties } of rules) expect(JSON.stringify(properties.actions)).toContain(group.id);
    });
  });

  describe('prod is private', () => {
    it('database, storage and vault have no public door', () => {
      for (const resource of [...all('prod', storage), one('prod', cosmos), one('prod', vault)])
        expect(resource.properties.publicNetworkAccess).toBe('Disabled');
      for (const { properties } of [...all('prod', storage), one('prod', vault)])
        expect(properties.networkAcls.defaultAction).toBe('Deny');
    });

    it('each has a private endpoint, which the functions reach through their subnet', () => {
      const reached = all('prod', 'Microsoft.Network/privateEndpoints').map(({ properties }) => {
        const { privateLinkServiceId, groupIds } = properties.privateLinkServiceConnections[0].properties;
        return [/format\('(\w+)-\{0\}'/.exec(privateLinkServiceId)?.[1], ...groupIds];
      });
      expect(reached.sort()).toEqual([
        ['dataStorage', 'blob'],
        ['database', 'Sql'],
        ['hostStorage', 'blob'],
        ['vault', 'vault'],
      ]);
      expect(one('prod', site).properties.virtualNetworkSubnetId).toMatch(/functionsSubnetId|subnets\/functions/);
    });

    it('data and keys are locked against deletion and stand in several zones', () => {
      const locked = all('prod', 'Microsoft.Authorization/locks').map(
        ({ id }) => id.split('/providers/Microsoft.Authorization/')[0],
      );
      expect(locked.sort()).toEqual([dataAccount('prod').id, one('prod', cosmos).id, one('prod', vault).id].sort());
      expect(one('prod', cosmos).properties.locations[0].isZoneRedundant).toBe(true);
      for (const { sku } of all('prod', storage)) expect(sku?.name).toBe('Standard_ZRS');
    });
  });

  describe('dev is cheap', () => {
    it('bills the database by request and keeps nothing warm', () => {
      expect(one('dev', cosmos).properties.capabilities).toEqual([{ name: 'EnableServerless' }]);
      expect(one('dev', site).properties.functionAppConfig.scaleAndConcurrency.alwaysReady).toEqual([]);
    });
  });

  it('no secret is a parameter or an output', () => {
    const types = [...Object.values(template.parameters), ...Object.values(template.outputs)].map(
      ({ type }) => type ?? '',
    );
    expect(types.filter((type) => /^secure/i.test(type))).toEqual([]);
    expect(Object.keys(template.parameters).filter((name) => /secret|password|token|key$/i.test(name))).toEqual([]);
    expect(JSON.stringify(template)).not.toMatch(/list(Keys|Secrets|AccountSas|ServiceSas)\(/i);
  });

  it('malware scanning is a switch, off until somebody turns it on', () => {
    expect(template.parameters.malwareScanning?.type).toBe('bool');
    expect(JSON.stringify(template)).toContain('Microsoft.Security/defenderForStorageSettings');
    expect(deployed.prod.some(({ type }) => type.startsWith('Microsoft.Security/'))).toBe(false);
  });

  it('a region outside France does not compile', () => {
    const main = readFileSync('infra/main.bicep', 'utf8');
    expect(main).toContain("param location 'francecentral' | 'francesouth' = 'francecentral'");
    expect(JSON.stringify(template.parameters.location)).toContain('"francecentral"');
    expect(JSON.stringify(template.parameters.location)).not.toContain('europe');
  });
});

interface Rule {
  readonly filters: { readonly prefixMatch: readonly string[] };
  readonly actions: { readonly baseBlob: { readonly delete: { readonly daysAfterCreationGreaterThan: number } } };
}

/** Of an ISO 8601 duration as the alerts use it: PT15M, PT2H, P2D. */
function minutesOf(duration: string): number {
  const [, amount = '0', unit = ''] = /^PT?(\d+)([MHD])$/.exec(duration) ?? [];
  return Number(amount) * ({ M: 1, H: 60, D: 1440 }[unit] ?? Number.NaN);
}

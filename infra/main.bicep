// Everything that the product runs on, in one resource group, in France. Plain resources only: it compiles without a network.
targetScope = 'resourceGroup'

@description('Short name that every resource carries.')
@minLength(3)
@maxLength(12)
param name string = 'extranet'

@description('What the defaults are made for: `prod` is private, zone redundant, autoscaled and locked; `dev` is cheap.')
param profile 'dev' | 'prod'

@description('Personal data stays in France.')
param location 'francecentral' | 'francesouth' = 'francecentral'

@description('Database, storage and vault can be reached through the private network only.')
param privateNetworking bool = profile == 'prod'

param zoneRedundant bool = profile == 'prod'

@description('Delete locks on what holds personal data or keys.')
param protect bool = profile == 'prod'

@description('Serverless bills each request, autoscale the highest need of each hour: docs/costs.md tells which is cheaper when.')
param databaseCapacity 'serverless' | 'autoscale' = profile == 'prod' ? 'autoscale' : 'serverless'

@minValue(1000)
param databaseMaxThroughput int = 4000

@description('Containers with a maximum of their own, for instance { accounts: 10000 }. Decide before they exist: docs/costs.md.')
param databaseDedicatedThroughput { *: int } = {}

@description('The restored account, after a restore (README). Empty: the one that is made here.')
param databaseAccountName string = ''

param databaseConsistency 'Strong' | 'Session' = 'Strong'

@minValue(1)
@maxValue(1000)
param maximumInstances int = 40

@description('Instances that stay warm for HTTP; a zone redundant plan wants two at least.')
@minValue(0)
param alwaysReady int = profile == 'prod' ? 2 : 0

@minValue(30)
@maxValue(730)
param logRetentionDays int = profile == 'prod' ? 90 : 30

@description('See infra/README.md: the objects are encrypted before they are stored.')
param malwareScanning bool = false

@description('The seals outlive the audit entries (12 months) that they vouch for.')
@minValue(366)
param auditSealRetentionDays int = 400

@description('Set once a person has locked the policy on the seals: a locked one can be extended, never deployed again.')
param auditSealsLocked bool = false

@description('Id of the Front Door profile in front; empty: callers reach the app itself.')
param frontDoorId string = ''

@description('Proxies whose entry of X-Forwarded-For is believed: Azure\'s own front end, and each gateway that all requests pass. Never more.')
@minValue(1)
@maxValue(9)
param trustedProxyHops int = empty(frontDoorId) ? 1 : 2

@description('Origin that callers use, for instance https://api.extranet.example. Empty: the app\'s own host name.')
param publicUrl string = ''

@description('The extranet\'s site, which mailed links lead to.')
param siteUrl string

@description('Origins whose pages may call the API.')
param allowedOrigins string[]

param mailFromAddress string
param mailFromName string = 'Extranet partenaires'

@description('Application (client) id of the API\'s registration in Entra ID, which staff tokens are made for.')
param staffAudience string

param staffIssuer string = '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'

@description('Who is told of alerts.')
param alertEmails string[]

@description('Whether an erasure takes the approval of two people of the desk.')
param fourEyesErasure bool = false

@description('Whether a request\'s clock stands still while an identity proof is awaited. Lawyers dispute it: the GDPR is silent.')
param identitySuspendsClock bool = true

@description('The controller as the charter names it. Everything here is printed in exports, receipts and answers.')
param controller {
  name: string
  legalForm: string
  shareCapital: string
  headOffice: string
  registration: string
  dpo: {
    email: string
    postalAddress: string
  }
}?

@description('Set by azd.')
param azdEnvironment string = ''

var token = uniqueString(resourceGroup().id, name)
var longName = '${name}-${profile}-${token}'
// Storage accounts: 24 small letters and digits.
var shortName = take(replace(name, '-', ''), 8)
var tags = union(
  {
    product: name
    profile: profile
    'data-classification': 'personal'
  },
  empty(azdEnvironment) ? {} : { 'azd-env-name': azdEnvironment }
)
var databaseName = 'extranet'
var insightsName = 'appi-${longName}'
var appName = 'func-${longName}'
// Secrets that a person sets once (README); the platform resolves the references under the app's identity.
var secretReference = {
  SIGNING_KEYS: '@Microsoft.KeyVault(SecretUri=${vault.outputs.uri}secrets/signing-keys)'
  LOGIN_KEY: '@Microsoft.KeyVault(SecretUri=${vault.outputs.uri}secrets/login-key)'
  DATA_KEY: '@Microsoft.KeyVault(SecretUri=${vault.outputs.uri}secrets/data-key)'
  SMTP_URL: '@Microsoft.KeyVault(SecretUri=${vault.outputs.uri}secrets/smtp-url)'
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${longName}'
  location: location
  tags: tags
}

module monitoring 'modules/monitoring.bicep' = {
  params: {
    workspaceName: 'log-${longName}'
    insightsName: insightsName
    location: location
    tags: tags
    retentionDays: logRetentionDays
  }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  params: {
    name: longName
    location: location
    tags: tags
  }
}

module hostStorage 'modules/host-storage.bicep' = {
  params: {
    name: 'st${shortName}h${token}'
    location: location
    tags: tags
    zoneRedundant: zoneRedundant
    private: privateNetworking
    identityName: identity.name
    workspaceId: monitoring.outputs.workspaceId
  }
}

module dataStorage 'modules/data-storage.bicep' = {
  params: {
    name: 'st${shortName}d${token}'
    location: location
    tags: tags
    zoneRedundant: zoneRedundant
    private: privateNetworking
    protect: protect
    identityName: identity.name
    workspaceId: monitoring.outputs.workspaceId
    malwareScanning: malwareScanning
    sealRetentionDays: auditSealRetentionDays
    sealsLocked: auditSealsLocked
  }
}

module database 'modules/database.bicep' = {
  params: {
    name: empty(databaseAccountName) ? 'cosmos-${longName}' : databaseAccountName
    location: location
    tags: tags
    databaseName: databaseName
    private: privateNetworking
    protect: protect
    zoneRedundant: zoneRedundant
    identityName: identity.name
    workspaceId: monitoring.outputs.workspaceId
    capacity: databaseCapacity
    maxThroughput: databaseMaxThroughput
    dedicatedThroughput: databaseDedicatedThroughput
    consistency: databaseConsistency
  }
}

module vault 'modules/key-vault.bicep' = {
  params: {
    name: take('kv-${shortName}-${token}', 24)
    location: location
    tags: tags
    private: privateNetworking
    protect: protect
    identityName: identity.name
    workspaceId: monitoring.outputs.workspaceId
    softDeleteDays: 90
  }
}

module endpoints 'modules/private-endpoints.bicep' = if (privateNetworking) {
  params: {
    name: longName
    location: location
    tags: tags
    subnetId: network!.outputs.endpointsSubnetId
    targets: [
      {
        name: 'host'
        resourceId: hostStorage.outputs.id
        part: 'blob'
        zoneId: network!.outputs.blobZoneId
      }
      {
        name: 'data'
        resourceId: dataStorage.outputs.id
        part: 'blob'
        zoneId: network!.outputs.blobZoneId
      }
      {
        name: 'database'
        resourceId: database.outputs.id
        part: 'Sql'
        zoneId: network!.outputs.databaseZoneId
      }
      {
        name: 'vault'
        resourceId: vault.outputs.id
        part: 'vault'
        zoneId: network!.outputs.vaultZoneId
      }
    ]
  }
}

module functionApp 'modules/function-app.bicep' = {
  params: {
    name: appName
    planName: 'plan-${longName}'
    location: location
    tags: tags
    zoneRedundant: zoneRedundant
    identityName: identity.name
    insightsName: insightsName
    workspaceId: monitoring.outputs.workspaceId
    hostBlobEndpoint: hostStorage.outputs.blobEndpoint
    packagesUrl: hostStorage.outputs.packagesUrl
    subnetId: privateNetworking ? network!.outputs.functionsSubnetId : ''
    maximumInstances: maximumInstances
    alwaysReady: alwaysReady
    frontDoorId: frontDoorId
    settings: union(
      {
        COSMOS_ENDPOINT: database.outputs.endpoint
        COSMOS_DATABASE: databaseName
        BLOB_ENDPOINT: dataStorage.outputs.blobEndpoint
        AZURE_CLIENT_ID: identity.properties.clientId
        WRAPPING_KEY_URL: vault.outputs.wrappingKeyUrl
        MAIL_FROM_ADDRESS: mailFromAddress
        MAIL_FROM_NAME: mailFromName
        STAFF_OIDC_ISSUER: staffIssuer
        STAFF_OIDC_AUDIENCE: staffAudience
        PUBLIC_URL: empty(publicUrl) ? 'https://${appName}.azurewebsites.net' : publicUrl
        SITE_URL: siteUrl
        ALLOWED_ORIGINS: join(allowedOrigins, ',')
        TRUSTED_PROXY_HOPS: string(trustedProxyHops)
        FOUR_EYES_ERASURE: fourEyesErasure ? 'on' : 'off'
        IDENTITY_SUSPENDS_CLOCK: identitySuspendsClock ? 'on' : 'off'
        MALWARE_SCAN: malwareScanning ? 'on' : 'off'
      },
      secretReference,
      controller == null ? {} : { CONTROLLER: string(controller) }
    )
  }
  dependsOn: [endpoints]
}

module alerts 'modules/alerts.bicep' = {
  params: {
    name: '${name}-${profile}'
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    databaseId: database.outputs.id
    vaultId: vault.outputs.id
    emails: alertEmails
  }
}

output functionAppName string = functionApp.outputs.name
output url string = 'https://${functionApp.outputs.hostName}'
output vaultName string = vault.outputs.name
output databaseAccountName string = database.outputs.name

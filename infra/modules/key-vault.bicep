// Keys and secrets. The wrapping key is made here and never leaves; the secrets are set by a person on the first run (README).
param name string
param location string
param tags { *: string }
param private bool
param protect bool
param identityName string
param workspaceId string

@description('How long purged keys and secrets can be brought back. Purge protection cannot be turned off again.')
param softDeleteDays int

var secretsUser = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '4633458b-17de-408a-b874-0445c86b69e6'
)
// Reads, wraps and unwraps with a key; can neither export nor change it.
var cryptoServiceEncryptionUser = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'e147488a-f6f5-4113-8e2d-b22465e65bf6'
)

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: softDeleteDays
    enablePurgeProtection: true
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: private ? 'Deny' : 'Allow'
      bypass: 'None'
    }
  }

  resource wrappingKey 'keys' = {
    name: 'object-wrapping'
    properties: {
      kty: 'RSA'
      keySize: 3072
      keyOps: ['wrapKey', 'unwrapKey']
      rotationPolicy: {
        lifetimeActions: [
          {
            trigger: {
              timeAfterCreate: 'P1Y'
            }
            action: {
              type: 'rotate'
            }
          }
        ]
        // No expiry: an object wrapped by an old version must open until its own term.
        attributes: {}
      }
    }
  }
}

resource secretsAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, identity.id, secretsUser)
  scope: vault
  properties: {
    roleDefinitionId: secretsUser
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource wrappingAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault::wrappingKey.id, identity.id, cryptoServiceEncryptionUser)
  scope: vault::wrappingKey
  properties: {
    roleDefinitionId: cryptoServiceEncryptionUser
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (protect) {
  name: 'holds-keys'
  scope: vault
  properties: {
    level: 'CanNotDelete'
    notes: 'Without these keys no stored file opens and nobody can sign in. Remove the lock only to take the product down.'
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        category: 'AuditEvent'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

output id string = vault.id
output name string = vault.name
output uri string = vault.properties.vaultUri
output wrappingKeyUrl string = vault::wrappingKey.properties.keyUri

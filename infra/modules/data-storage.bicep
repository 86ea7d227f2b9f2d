// The storage account of the product's own objects: identity proofs and exports, encrypted by the application, and the audit seals.
// What is erased here must be gone: no soft delete, no versions, no snapshots, no change feed.
param name string
param location string
param tags { *: string }
param zoneRedundant bool
param private bool
param protect bool
param identityName string
param workspaceId string

@description('Scan uploads for malware. Proofs and exports arrive encrypted, so that the scan sees cipher text: see the README.')
param malwareScanning bool

@description('Days for which an audit seal can be neither changed nor deleted.')
param sealRetentionDays int

@description('The policy has been locked by a person: it is left alone from then on.')
param sealsLocked bool

var containerNames = loadJsonContent('../generated/blob-containers.json')
var sealContainer = 'audit-seals'
// The timers delete at the term; this is the net below them. Days after creation.
var terms = {
  'identity-proofs': 30
  exports: 14
}
var blobDataContributor = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
)
// Only the owner of the data reads the tags, in which a scan leaves its result.
var blobDataOwner = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
)
var blobRole = malwareScanning ? blobDataOwner : blobDataContributor

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS'
  }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowedCopyScope: 'AAD'
    defaultToOAuthAuthentication: true
    isLocalUserEnabled: false
    isSftpEnabled: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    encryption: {
      keySource: 'Microsoft.Storage'
      requireInfrastructureEncryption: true
      services: {
        blob: {
          enabled: true
          keyType: 'Account'
        }
      }
    }
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: private ? 'Deny' : 'Allow'
      bypass: 'None'
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: {
        enabled: false
      }
      containerDeleteRetentionPolicy: {
        enabled: false
      }
      restorePolicy: {
        enabled: false
      }
      changeFeed: {
        enabled: false
      }
      isVersioningEnabled: false
    }
  }

  resource lifecycle 'managementPolicies' = {
    name: 'default'
    properties: {
      policy: {
        rules: [
          for term in items(terms): {
            name: 'end-of-${term.key}'
            enabled: true
            type: 'Lifecycle'
            definition: {
              filters: {
                blobTypes: ['blockBlob']
                prefixMatch: ['${term.key}/']
              }
              actions: {
                baseBlob: {
                  delete: {
                    daysAfterCreationGreaterThan: term.value
                  }
                }
                snapshot: {
                  delete: {
                    daysAfterCreationGreaterThan: 0
                  }
                }
              }
            }
          }
        ]
      }
    }
    dependsOn: [container]
  }
}

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = [
  for containerName in containerNames: {
    parent: account::blobs
    name: containerName
    properties: {
      publicAccess: 'None'
    }
  }
]

// Written once, read for ever. Deployed unlocked: a person locks it (README), for that can never be undone.
resource sealPolicy 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2025-01-01' = if (!sealsLocked) {
  parent: container[indexOf(containerNames, sealContainer)]
  name: 'default'
  properties: {
    immutabilityPeriodSinceCreationInDays: sealRetentionDays
    allowProtectedAppendWrites: false
    allowProtectedAppendWritesAll: false
  }
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (containerName, index) in containerNames: {
    name: guid(account.id, containerName, identity.id, blobRole)
    scope: container[index]
    properties: {
      roleDefinitionId: blobRole
      principalId: identity.properties.principalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource defender 'Microsoft.Security/defenderForStorageSettings@2025-01-01' = if (malwareScanning) {
  name: 'current'
  scope: account
  properties: {
    isEnabled: true
    overrideSubscriptionLevelSettings: true
    malwareScanning: {
      onUpload: {
        isEnabled: true
        capGBPerMonth: 100
      }
    }
    sensitiveDataDiscovery: {
      isEnabled: false
    }
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (protect) {
  name: 'holds-personal-data'
  scope: account
  properties: {
    level: 'CanNotDelete'
    notes: 'Identity proofs, exports and audit seals. Remove the lock only to take the product down.'
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account::blobs
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageRead'
        enabled: true
      }
      {
        category: 'StorageWrite'
        enabled: true
      }
      {
        category: 'StorageDelete'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'Transaction'
        enabled: true
      }
    ]
  }
}

output id string = account.id
output blobEndpoint string = account.properties.primaryEndpoints.blob

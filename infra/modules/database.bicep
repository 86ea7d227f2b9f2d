// Cosmos DB: the containers of the product's own list, reached with Entra ID only, each under the least that the product needs there.
param name string
param location string
param tags { *: string }
param databaseName string
param private bool
param protect bool
param zoneRedundant bool
param identityName string
param workspaceId string

@description('Serverless bills each request; autoscale keeps up to `maxThroughput` request units a second ready, shared by the containers.')
param capacity 'serverless' | 'autoscale'

@description('Request units a second that all containers share. Only for autoscale.')
param maxThroughput int

@description('Containers that get a maximum of their own instead of a share, for instance { accounts: 10000 }. Only for autoscale.')
param dedicatedThroughput { *: int }

@description('Strong: what one instance wrote, every other reads. A read costs two request units a KB instead of one.')
param consistency 'Strong' | 'Session'

// Written by `npm run infra:generate` from the list that the code uses.
var containers = loadJsonContent('../generated/cosmos-containers.json')
var serverless = capacity == 'serverless'

var itemActions = 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items'
var queryAction = 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/executeQuery'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource account 'Microsoft.DocumentDB/databaseAccounts@2025-04-15' = {
  name: name
  location: location
  tags: tags
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    capabilities: serverless
      ? [
          {
            name: 'EnableServerless'
          }
        ]
      : []
    locations: [
      {
        locationName: location
        failoverPriority: 0
        isZoneRedundant: zoneRedundant
      }
    ]
    consistencyPolicy: {
      defaultConsistencyLevel: consistency
    }
    disableLocalAuth: true
    disableKeyBasedMetadataWriteAccess: true
    minimalTlsVersion: 'Tls12'
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
    networkAclBypass: 'None'
    enableAutomaticFailover: false
    enableMultipleWriteLocations: false
    // Erased items can come back by a restore for these seven days: the erasure ledger is replayed then (README).
    backupPolicy: {
      type: 'Continuous'
      continuousModeProperties: {
        tier: 'Continuous7Days'
      }
    }
  }

  resource database 'sqlDatabases' = {
    name: databaseName
    properties: {
      resource: {
        id: databaseName
      }
      options: serverless
        ? {}
        : {
            autoscaleSettings: {
              maxThroughput: maxThroughput
            }
          }
    }

    resource container 'containers' = [
      for item in containers: {
        name: item.id
        properties: {
          resource: {
            id: item.id
            partitionKey: {
              kind: 'Hash'
              version: 2
              paths: [item.partitionKey]
            }
            indexingPolicy: item.indexingPolicy
            defaultTtl: item.defaultTtl
          }
          options: serverless || !contains(dedicatedThroughput, item.id)
            ? {}
            : {
                autoscaleSettings: {
                  maxThroughput: dedicatedThroughput[item.id]
                }
              }
        }
      }
    ]
  }

  // What the client library asks before anything else: regions, partitions. No item is seen with it.
  resource metadataReader 'sqlRoleDefinitions' = {
    name: guid(account.id, 'metadata-reader')
    properties: {
      roleName: 'Extranet metadata reader'
      type: 'CustomRole'
      assignableScopes: [account.id]
      permissions: [
        {
          dataActions: ['Microsoft.DocumentDB/databaseAccounts/readMetadata']
        }
      ]
    }
  }

  resource itemEditor 'sqlRoleDefinitions' = {
    name: guid(account.id, 'item-editor')
    properties: {
      roleName: 'Extranet item editor'
      type: 'CustomRole'
      assignableScopes: [account.id]
      permissions: [
        {
          dataActions: [
            '${itemActions}/create'
            '${itemActions}/read'
            '${itemActions}/replace'
            '${itemActions}/upsert'
            '${itemActions}/delete'
            queryAction
          ]
        }
      ]
    }
  }

  // Adds and reads; changes and removes nothing. What ends does so by its time to live, which the service enforces.
  resource itemAppender 'sqlRoleDefinitions' = {
    name: guid(account.id, 'item-appender')
    properties: {
      roleName: 'Extranet item appender'
      type: 'CustomRole'
      assignableScopes: [account.id]
      permissions: [
        {
          dataActions: [
            '${itemActions}/create'
            '${itemActions}/read'
            queryAction
          ]
        }
      ]
    }
  }

  resource metadataAccess 'sqlRoleAssignments' = {
    name: guid(account.id, identity.id, 'metadata-reader')
    properties: {
      roleDefinitionId: metadataReader.id
      principalId: identity.properties.principalId
      scope: account.id
    }
  }

  resource containerAccess 'sqlRoleAssignments' = [
    for item in containers: {
      name: guid(account.id, identity.id, item.id)
      properties: {
        roleDefinitionId: item.appendOnly ? itemAppender.id : itemEditor.id
        principalId: identity.properties.principalId
        scope: '${account.id}/dbs/${databaseName}/colls/${item.id}'
      }
      dependsOn: [database::container]
    }
  ]
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (protect) {
  name: 'holds-personal-data'
  scope: account
  properties: {
    level: 'CanNotDelete'
    notes: 'Every account, consent, request and audit entry. Remove the lock only to take the product down.'
  }
}

// Not the data plane's requests: their query texts would carry personal data into the logs.
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        // Who changed roles, firewall, keys, containers.
        category: 'ControlPlaneRequests'
        enabled: true
      }
      {
        // Partitions that grow towards 20 GB, or take more than their share.
        category: 'PartitionKeyStatistics'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'Requests'
        enabled: true
      }
    ]
  }
}

output id string = account.id
output name string = account.name
output endpoint string = account.properties.documentEndpoint

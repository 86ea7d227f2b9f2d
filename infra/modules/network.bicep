// The private network: one subnet that the functions go out through, one that holds the private endpoints of what they use.
param name string
param location string
param tags { *: string }

var zones = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  database: 'privatelink.documents.azure.com'
  vault: 'privatelink.vaultcore.azure.net'
}
var functionsPrefix = '10.20.0.0/25'
var endpointsPrefix = '10.20.0.128/27'

resource endpointRules 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: 'nsg-${name}-endpoints'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'functions-over-tls'
        properties: {
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: functionsPrefix
          sourcePortRange: '*'
          destinationAddressPrefix: endpointsPrefix
          destinationPortRange: '443'
        }
      }
      {
        name: 'nothing-else'
        properties: {
          priority: 4096
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: 'vnet-${name}'
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: ['10.20.0.0/24']
    }
    subnets: [
      {
        name: 'functions'
        properties: {
          addressPrefix: functionsPrefix
          // What a Flex Consumption app asks for.
          delegations: [
            {
              name: 'functions'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: endpointsPrefix
          defaultOutboundAccess: false
          privateEndpointNetworkPolicies: 'Enabled'
          networkSecurityGroup: {
            id: endpointRules.id
          }
        }
      }
    ]
  }

  resource functions 'subnets' existing = {
    name: 'functions'
  }

  resource endpoints 'subnets' existing = {
    name: 'endpoints'
  }
}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for item in items(zones): {
    name: item.value
    location: 'global'
    tags: tags
  }
]

resource zoneLink 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (item, index) in items(zones): {
    parent: zone[index]
    name: 'vnet-${name}'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: network.id
      }
    }
  }
]

output functionsSubnetId string = network::functions.id
output endpointsSubnetId string = network::endpoints.id
output blobZoneId string = resourceId('Microsoft.Network/privateDnsZones', zones.blob)
output databaseZoneId string = resourceId('Microsoft.Network/privateDnsZones', zones.database)
output vaultZoneId string = resourceId('Microsoft.Network/privateDnsZones', zones.vault)

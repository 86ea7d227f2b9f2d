// Private endpoints, each with its name in the private DNS zone of its kind.
param name string
param location string
param tags { *: string }
param subnetId string

param targets {
  name: string
  @description('The resource that is reached.')
  resourceId: string
  @description('The part of it that is reached.')
  part: 'blob' | 'Sql' | 'vault'
  zoneId: string
}[]

resource endpoint 'Microsoft.Network/privateEndpoints@2025-05-01' = [
  for target in targets: {
    name: 'pep-${name}-${target.name}'
    location: location
    tags: tags
    properties: {
      subnet: {
        id: subnetId
      }
      customNetworkInterfaceName: 'nic-${name}-${target.name}'
      privateLinkServiceConnections: [
        {
          name: target.name
          properties: {
            #disable-next-line use-resource-id-functions // a parameter's property is as good as a parameter
            privateLinkServiceId: target.resourceId
            groupIds: [target.part]
          }
        }
      ]
    }
  }
]

resource zoneGroup 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-05-01' = [
  for (target, index) in targets: {
    parent: endpoint[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: target.part
          properties: {
            #disable-next-line use-resource-id-functions // a parameter's property is as good as a parameter
            privateDnsZoneId: target.zoneId
          }
        }
      ]
    }
  }
]

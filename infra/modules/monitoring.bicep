// Logs and telemetry: one workspace, written to and read with Entra ID identities only.
param workspaceName string
param insightsName string
param location string
param tags { *: string }

@description('Days that logs and telemetry are kept. They carry ids and codes, never names or addresses.')
param retentionDays int

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionDays
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: insightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
    // The client's network address is left out of the telemetry.
    DisableIpMasking: false
    RetentionInDays: retentionDays
  }
}

output workspaceId string = workspace.id

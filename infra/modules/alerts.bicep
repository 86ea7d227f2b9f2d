// Whom to wake, and when. Each alert has an entry in the runbook (infra/README.md, "When an alert rings").
param name string
param location string
param tags { *: string }
param workspaceId string
param databaseId string
param vaultId string

@description('Who is told. A mailing list of the operators, not a person.')
param emails string[]

// Written by `npm run infra:generate` from the timers that the code registers.
var timers = loadJsonContent('../generated/timers.json')
var events = loadJsonContent('../generated/alert-events.json')

type LogAlert = {
  title: string
  @description('0 wake somebody now, 1 within the hour, 2 today, 3 this week.')
  severity: 0 | 1 | 2 | 3
  query: string
  @description('Rings above this many rows in the window.')
  threshold: int
  window: string
  frequency: string
}

var logAlerts LogAlert[] = [
  {
    title: 'server-errors'
    severity: 1
    query: 'AppRequests | where toint(ResultCode) >= 500 and isnotempty(Url)'
    threshold: 5
    window: 'PT5M'
    frequency: 'PT5M'
  }
  {
    title: 'callers-throttled'
    severity: 3
    query: 'AppRequests | where ResultCode == "429"'
    threshold: 200
    window: 'PT15M'
    frequency: 'PT15M'
  }
  {
    title: 'overdue-requests'
    severity: 1
    query: 'AppTraces | where Message has "\\"event\\":\\"${events.overdueRequest}\\""'
    threshold: 0
    window: 'PT1H'
    frequency: 'PT1H'
  }
  {
    title: 'dead-letters'
    severity: 1
    query: 'AppTraces | where Message has "\\"event\\":\\"${events.workGivenUp}\\""'
    threshold: 0
    window: 'PT15M'
    frequency: 'PT15M'
  }
]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${name}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'extranet'
    enabled: true
    emailReceivers: [
      for email in emails: {
        name: email
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource logAlert 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in logAlerts: {
    name: 'alert-${name}-${alert.title}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: alert.title
      severity: alert.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: alert.frequency
      windowSize: alert.window
      // The tables come into being with the first telemetry.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: alert.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      autoMitigate: true
      actions: {
        actionGroups: [people.id]
      }
    }
  }
]

// One for each timer: no successful run in the window, twice in a row.
resource timerAlert 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for timer in timers: {
    name: 'alert-${name}-timer-${timer.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'timer-not-run: ${timer.name}'
      description: timer.summary
      severity: 1
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: timer.frequency
      windowSize: timer.window
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: 'AppRequests | where OperationName == "${timer.name}" and Success == true'
            timeAggregation: 'Count'
            operator: 'LessThan'
            threshold: 1
            failingPeriods: {
              numberOfEvaluationPeriods: 2
              minFailingPeriodsToAlert: 2
            }
          }
        ]
      }
      autoMitigate: true
      actions: {
        actionGroups: [people.id]
      }
    }
  }
]

resource databaseThrottled 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'alert-${name}-database-throttled'
  location: 'global'
  tags: tags
  properties: {
    description: 'Cosmos DB refuses requests for load (429).'
    severity: 2
    enabled: true
    scopes: [databaseId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'throttled'
          metricNamespace: 'Microsoft.DocumentDB/databaseAccounts'
          metricName: 'TotalRequests'
          dimensions: [
            {
              name: 'StatusCode'
              operator: 'Include'
              values: ['429']
            }
          ]
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 50
        }
      ]
    }
    actions: [
      {
        actionGroupId: people.id
      }
    ]
  }
}

resource vaultRefused 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'alert-${name}-vault-refused'
  location: 'global'
  tags: tags
  properties: {
    description: 'Somebody, or the product itself, was refused by Key Vault (403).'
    severity: 1
    enabled: true
    scopes: [vaultId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'refused'
          metricNamespace: 'Microsoft.KeyVault/vaults'
          metricName: 'ServiceApiResult'
          dimensions: [
            {
              name: 'StatusCode'
              operator: 'Include'
              values: ['403']
            }
          ]
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: [
      {
        actionGroupId: people.id
      }
    ]
  }
}

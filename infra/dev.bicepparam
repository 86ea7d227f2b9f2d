using 'main.bicep'

// A cheap copy to try things on, with invented data only: serverless, no private network, no locks.
param profile = 'dev'
param siteUrl = 'https://dev.extranet.example'
param allowedOrigins = ['https://dev.extranet.example']
param mailFromAddress = 'ne-pas-repondre@dev.extranet.example'
param staffAudience = '00000000-0000-0000-0000-000000000000'
param alertEmails = ['exploitation@dev.extranet.example']

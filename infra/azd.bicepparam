using 'main.bicep'

// For azd: `azd env set NAME value` for each of these. Everything else has the defaults of its profile.
param azdEnvironment = readEnvironmentVariable('AZURE_ENV_NAME', 'azd')
param profile = readEnvironmentVariable('EXTRANET_PROFILE', 'dev') == 'prod' ? 'prod' : 'dev'
param publicUrl = readEnvironmentVariable('EXTRANET_PUBLIC_URL', '')
param siteUrl = readEnvironmentVariable('EXTRANET_SITE_URL', 'https://extranet.example')
param allowedOrigins = split(readEnvironmentVariable('EXTRANET_ALLOWED_ORIGINS', 'https://extranet.example'), ',')
param mailFromAddress = readEnvironmentVariable('EXTRANET_MAIL_FROM', 'ne-pas-repondre@extranet.example')
param staffAudience = readEnvironmentVariable('EXTRANET_STAFF_AUDIENCE', '00000000-0000-0000-0000-000000000000')
param alertEmails = split(readEnvironmentVariable('EXTRANET_ALERT_EMAILS', 'exploitation@extranet.example'), ',')

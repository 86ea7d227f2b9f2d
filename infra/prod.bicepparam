using 'main.bicep'

// Production: private network, zone redundant, autoscale, delete locks. Replace every `.example` by your own.
param profile = 'prod'
param publicUrl = 'https://api.extranet.example'
param siteUrl = 'https://extranet.example'
param allowedOrigins = ['https://extranet.example']
param mailFromAddress = 'ne-pas-repondre@extranet.example'
param staffAudience = '00000000-0000-0000-0000-000000000000'
param alertEmails = ['exploitation@extranet.example']
param controller = {
  name: 'Assistance Partenaires (nom à configurer)'
  legalForm: 'SAS'
  shareCapital: '5 316 384 EUR'
  headOffice: '1 promenade de la Bonnette, 92230 Gennevilliers, France'
  registration: 'RCS Nanterre 403 147 903'
  dpo: {
    email: 'dpo@extranet.example'
    postalAddress: 'Délégué à la protection des données, 1 promenade de la Bonnette, 92230 Gennevilliers, France'
  }
}

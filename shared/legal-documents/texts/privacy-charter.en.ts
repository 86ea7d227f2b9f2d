export const title = 'Privacy charter (sample)';

export const content = `> A sample, to be replaced by the controller's own charter.

## Who is responsible
{{controller.name}}. Data protection officer: {{controller.dpoEmail}}, {{controller.postalAddress}}.

## Why, and on what basis
Providing the services, managing your space and telling you about it rest on the contract. Personalisation and suggestions happen only with your consent, which you may withdraw at any time.

## Who sees the data
Only authorised staff, within what their function needs; every look is on record. Data are neither sold nor rented. Disclosure to a third party wants your agreement or a ground in law, and is recorded.

## How long
| data | kept |
|---|---|
| unconfirmed registration | 7 days |
| unused account | 24 months, with a reminder at 23 |
| form draft | 90 days |
| consent | 13 months |
| identity document | until the decision, 30 days at most |

## Your rights
Access, rectification, erasure, portability, objection, restriction, post-mortem directives and withdrawal of consent: through the extranet, by e-mail or by post, with an identity document in case of reasonable doubt. You are answered within one month. You may complain to the CNIL (www.cnil.fr).

## Cookies
No cookie and no consent is kept for more than 13 months. The module « Gestion des services » at the foot of the page lets you choose and change your mind. Refusing can disable some features.
`;

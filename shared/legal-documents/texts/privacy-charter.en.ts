export const title = 'Privacy charter (sample)';

export const content = `> **SAMPLE.** This text is an example that comes with the software. It must be replaced by the controller's own charter before the service goes live.

This charter explains which data the extranet uses, why, for how long, and how to exercise your rights. You accept it, together with the terms of use, when you create your account; which version you accepted, when and how is on record.

If you do not approve it, stop using the extranet and write to {{controller.dpoEmail}}: what was already collected will be deleted.

## 1. Who is responsible
The controller is {{controller.name}}. Its legal form, share capital, head office and registration are shown on the extranet's “Who is responsible” page and on every answer sent to you.

Any question about this charter goes to the data protection officer (DPO):

- by e-mail: {{controller.dpoEmail}}
- by post: {{controller.postalAddress}}

## 2. Which data
Only what is necessary is collected:

- your identity and professional contact details: family name, given name, company, e-mail address and, if you wish, job title and telephone;
- your account: sessions, known devices, preferences, form drafts;
- your activity on the extranet: sections visited and actions;
- your choices: acceptances, consents, objections, directives;
- your exchanges with us: questions, requests and the documents that come with them.

Mandatory fields are marked. The service cannot be given without them; the others are optional.

## 3. Why, and on what basis
The services rest on the performance of a contract. The basis is recorded for each purpose, because your rights depend on it.

| purpose | basis |
|---|---|
| provide the services | contract |
| personalise your visit | consent |
| suit the presentation to you and your device | contract |
| point out content likely to interest you | consent |
| tell you about the services and their changes | contract |
| write to you about your questions and interactions | contract |
| give you technical support | contract |
| develop new features and services | legitimate interest |
| manage your space | contract |

## 4. Who has access
- Only authorised staff see your data, by category and for the mission given to them. Every look is on record, and you can see its date and purpose.
- No data goes to a third party without your agreement.
- Data are never sold or rented for direct marketing without your express agreement.
- Disclosure otherwise happens only under a legal duty, to enforce the terms of use or another agreement, or to protect the controller's rights. Each one is recorded with its ground.
- Once anonymised, data may be used for statistics.

## 5. How long
Data are kept only as long as their purpose strictly needs.

| data | kept |
|---|---|
| unconfirmed registration | 7 days |
| unused account | deleted at 24 months, after a reminder at 23 |
| closed account | 7 days to undo the closure; use of the data stops at once |
| form draft | 90 days after its last change |
| detailed activity | 90 days, then only anonymous counts |
| consent | 13 months from your choice |
| identity document | until the decision, 30 days at most |
| export file | 14 days |
| closed case file | 5 years, reduced to the essential, in a separate archive |
| access log | 12 months |
| mail sent | content erased at delivery, trace of the delivery 30 days |
| breach register, disclosures to third parties | 5 years |

## 6. Security
Reinforced measures keep your data confidential and intact. Your identifier and password are strictly personal and secret: give them to nobody. Sign-ins from a new device are told to you, and the list of your sessions lets you end them.

## 7. Your rights
| right | what you may ask for |
|---|---|
| access | to know what is held about you and get a copy |
| rectification | to correct or complete your data |
| erasure | to have your data deleted |
| portability | to receive, in a reusable format, the data that you provided or that come from your use |
| objection | to stop a use of your data |
| restriction | to have their use frozen; you are told before it resumes |
| directives after death | to say what becomes of your data, and name a person to see to it |
| withdrawal of consent | to take back an agreement at any time, as simply as you gave it |

Asking for your space to be closed, possible at any time, is an objection to the processing.

### How to ask
Use the extranet, write to {{controller.dpoEmail}} or send a letter to {{controller.postalAddress}}. Being signed in is normally enough. An identity document is asked for only in case of reasonable doubt, and you are told why.

### When you are answered
You are answered within one month. If the request is complex, this can be extended by two months at most: you are told, with the reasons, before the first month ends. A refusal is always decided by a person, and explained.

### Your recourse
If the answer does not satisfy you, you may complain to the French data protection authority (CNIL), 3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07, France, www.cnil.fr, or go to court.

## 8. Cookies
No cookie and no consent is kept for more than 13 months, and you are asked for your choice again after 6. The module « Gestion des services » (managing services) at the foot of the page lets you choose and change your mind at any time. Refusing cookies can disable some features. The cookie notice lists them.

## 9. Changes to the charter
A new version takes effect when it is published on the extranet. You are told of it, and asked for your agreement at the next sign-in. Earlier versions can still be read.
`;

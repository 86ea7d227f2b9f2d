export const title = 'Cookie notice (sample)';

export const content = `> **SAMPLE.** This text is an example that comes with the software. It must be replaced by the controller's own notice before the service goes live.

## 1. What cookies are for
The extranet's cookies serve to measure page views, visits and activity; to remember what you enter in forms; to let you reach your space; to apply security, for instance asking you to sign in again after some time.

## 2. Indispensable cookies
The service needs them, and they need no consent.

| provider | cookie | use | kept | controller |
|---|---|---|---|---|
| Azure | ARRAffinity | load balancing: one visit stays on the same server | session | {{controller.name}} |
| Azure | ARRAffinitySameSite | load balancing: one visit stays on the same server | session | {{controller.name}} |
| .NET | ASP.NET_SessionId | keep you signed in | session | {{controller.name}} |

## 3. Navigation cookies
They remember your display choices and what you enter in forms. They are set without asking; your browser can refuse them, at the price of comfort.

## 4. Cookies that need your agreement
Audience measurement, personalisation from your visits, content suggestions and prospecting happen only with your agreement. Refusing is as easy as accepting, and silence is refusal.

## 5. Your choice
- You may change or withdraw it at any time through the module « Gestion des services » (managing services) at the foot of the page.
- You are asked again after 6 months, whether you accepted or refused.
- No cookie and no consent is kept for more than 13 months, and your visits do not lengthen that time.
- Refusing cookies can disable some features.

## 6. Who gets these data
They are for {{controller.name}} alone, do not leave its group and are not sold. They are disclosed only with your agreement, or when law or a court requires it.

## 7. Questions and recourse
Write to the data protection officer: {{controller.dpoEmail}}, or {{controller.postalAddress}}. You may also complain to the CNIL (www.cnil.fr).
`;

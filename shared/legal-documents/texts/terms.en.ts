export const title = 'Terms of use of the partner extranet (sample)';

export const content = `> A sample, to be replaced by the controller's own terms.

## 1. Subject
{{controller.name}} offers this extranet to its partners. Using it means accepting these terms and the privacy charter.

## 2. Account
Identifier and password are strictly personal and secret. Unusual sign-ins are told to you, and you can end your sessions at any time.

## 3. Necessary data
The fields marked as mandatory are necessary for the service: it cannot be given without them.

## 4. New versions
A new version takes effect when it is published on the extranet. Your agreement is asked for at the next sign-in.

## 5. Refusal
If you do not approve these terms, stop using the extranet and write to {{controller.dpoEmail}}: what was already collected will be deleted.
`;

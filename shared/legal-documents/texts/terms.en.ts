export const title = 'Terms of use of the partner extranet (sample)';

export const content = `> **SAMPLE.** This text is an example that comes with the software. It must be replaced by the controller's own terms before the service goes live.

## 1. Subject
{{controller.name}} offers this extranet to its partners and their employees. Using it means accepting these terms and the privacy charter. The version accepted, when and how are on record.

## 2. Account
- The account is personal. It opens once your e-mail address is confirmed.
- Identifier and password are strictly personal and secret: they are not shared.
- Sign-ins from a new device are told to you. You can see and end your sessions at any time.
- You may be asked to sign in again after some time, or before a sensitive act.

## 3. Necessary data
The fields marked as mandatory are necessary for the service: it cannot be given without them.

## 4. Proper use
Use the extranet for your work as a partner, without trying to reach other people's data or to disturb the service. In case of abuse access can be suspended; you are told why.

## 5. Personal data
The privacy charter says which data are used, why, for how long, and how to exercise your rights. The cookie notice completes it.

## 6. Closing
You may close your space at any time. Use of your data stops at once, and you have 7 days to change your mind. An unused account is deleted at 24 months, after a reminder at 23.

## 7. New versions
A new version takes effect when it is published on the extranet. You are told of it, and asked for your agreement at the next sign-in.

## 8. Refusal
If you do not approve these terms, stop using the extranet and write to the data protection officer, {{controller.dpoEmail}} or {{controller.postalAddress}}: what was already collected will be deleted.

## 9. Governing law
These terms are governed by French law.
`;

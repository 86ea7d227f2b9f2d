export const title = 'Cookie notice (sample)';

export const content = `> A sample, to be replaced by the controller's own notice.

Some cookies are indispensable to the service and need no consent. The others (audience measurement, personalisation, suggestions, prospecting) are set only with your agreement. Refusing is as easy as accepting, and silence is refusal. You are asked again after 6 months, and your choice is erased after 13. You may change it at any time through « Gestion des services » at the foot of the page.
`;

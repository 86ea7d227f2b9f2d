export { type ShownBreach, shown as shownBreach } from './breach.ts';
export { breachForm } from './breach-form.ts';
export type { BreachChange, BreachFault } from './breach-rules.ts';
export { type BreachRegister, breachRegister } from './breaches.ts';

export { type ProcessingRegister, processingRegister } from './processing-register.ts';
export { registerCsv } from './register-csv.ts';
export { registerPage } from './register-page.ts';

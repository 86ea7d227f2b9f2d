export { type ProcessingRegister, processingRegister, type ThirdCountryTransfer } from './processing-register.ts';
export { registerCsv } from './register-csv.ts';
export { registerPage } from './register-page.ts';

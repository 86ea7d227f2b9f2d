/**
 * Records what people choose in vanilla-cookieconsent v3; see docs/consent-clients.md. `cc:onFirstConsent` and `cc:onChange` mean that a
 * person acted; `cc:onConsent` comes with every page. Needs the module as `window.CookieConsent`.
 */
import { choicesOf, openRecorder, removeCookie } from './recorder.js';

const DEFAULT_COOKIE = 'cc_cookie';
const ANSWERING = ['all', 'necessary', 'save']
  .map((role) => `#cc-main [data-role="${role}"]`)
  .concat('#cc-main .cm__btn--close', '[data-cc^="accept-"]')
  .join();

const recorder = openRecorder({
  name: 'cookieconsent',
  // The module does not tell its version: v3 is the one that raises these events.
  version: () => '3',
  configuration: () => CookieConsent.getConfig(),
});

let isAskedAnew = false;
let isAnswered = false;

/** One act may raise several events. */
function answered() {
  if (!isAnswered) Promise.resolve().then(record);
  isAnswered = true;
}

function record() {
  isAnswered = false;
  const { acceptType, acceptedCategories, acceptedServices, rejectedServices } = CookieConsent.getUserPreferences();
  const answers = [];
  for (const [category, { readOnly }] of Object.entries(CookieConsent.getConfig('categories'))) {
    if (readOnly) continue;
    const services = [...(acceptedServices[category] || []), ...(rejectedServices[category] || [])];
    if (services.length === 0) answers.push([recorder.purposeOf(category), acceptedCategories.includes(category)]);
    for (const service of services)
      answers.push([purposeOf(service, category), acceptedServices[category].includes(service)]);
  }
  const gestures = { all: 'accept-all', necessary: 'refuse-all' };
  recorder.record(choicesOf(answers), gestures[acceptType] || 'choose', isAskedAnew);
  isAskedAnew = false;
}

/** A service stands for its own purpose where it was given one, else for its category's. */
const purposeOf = (service, category) => recorder.purposeOf(service, recorder.purposeOf(category));

addEventListener('cc:onFirstConsent', () => {
  // The module asks for the first time, or anew because its cookie has ended: the answer counts either way.
  isAskedAnew = true;
  answered();
});
addEventListener('cc:onChange', answered);
// Asked anew, a person may well give the answer that stands: the module raises no event for it.
document.addEventListener('click', ({ target }) => {
  if (isAskedAnew && target instanceof Element && target.closest(ANSWERING)) answered();
});
addEventListener('cc:onModalShow', () => recorder.prepare());

/** The answers have ended: the module asks again as on a first visit, and what was loaded on them stops with the page. */
function forget() {
  if (!CookieConsent.validConsent()) return;
  CookieConsent.reset(true);
  location.reload();
}

function askAnew() {
  isAskedAnew = true;
  recorder.markAsked();
  CookieConsent.show(true);
}

/** What the person refused elsewhere stops here too. */
function refuse(purposes) {
  if (purposes.length === 0) return;
  const isGranted = (purpose) => !purposes.includes(purpose);
  const { acceptedCategories, acceptedServices } = CookieConsent.getUserPreferences();
  CookieConsent.acceptCategory(acceptedCategories.filter((category) => isGranted(recorder.purposeOf(category))));
  for (const [category, services] of Object.entries(acceptedServices)) {
    CookieConsent.acceptService(
      services.filter((service) => isGranted(purposeOf(service, category))),
      category,
    );
  }
}

/** Once the module runs. */
function whenReady(task) {
  let isDone = false;
  const once = () => {
    if (!isDone) setTimeout(task);
    isDone = true;
  };
  if (window._ccRun) once();
  addEventListener('cc:onConsent', once);
  addEventListener('cc:onModalReady', once);
}

const due = recorder.due();
if (due === 'expired' && !window._ccRun) {
  // Before the module reads it. Under another name it is removed as soon as the module tells.
  removeCookie(DEFAULT_COOKIE, location.hostname);
}
if (!recorder.hasDecided()) recorder.prepare();

whenReady(async () => {
  if (due === 'expired') forget();
  if (due) askAnew();
  recorder.prepare();
  const { due: dueNow, refused } = await recorder.refresh();
  refuse(refused);
  if (dueNow === 'expired') forget();
  else if (dueNow && !due) askAnew();
});

/**
 * Records what people choose in tarteaucitron.js, « Gestion des services »; see docs/consent-clients.md. Only `<service>_allowed` and
 * `<service>_disallowed` mean that a person acted: first states, Do-Not-Track refusals and exempt services raise other events or none.
 *
 * tarteaucitron raises one event for each service: all those of one act become one post.
 */
import { choicesOf, openRecorder, removeCookie } from './recorder.js';

const recorder = openRecorder({
  name: 'tarteaucitron',
  version: () => tarteaucitron.version,
  configuration: () => ({
    parameters: tarteaucitron.parameters,
    services: servicesAsked().map(({ key, name, type }) => ({ key, name, type })),
  }),
});

const ACCEPT_ALL = ['tarteaucitronPersonalize2', 'tarteaucitronAllAllowed'];
const REFUSE_ALL = ['tarteaucitronAllDenied', 'tarteaucitronAllDenied2'];
const ANSWERING = '#tarteaucitronRoot .tarteaucitronAllow, #tarteaucitronRoot .tarteaucitronDeny';

const heard = new Set();
/** The answers of the act that is under way, by service. */
let act;
let control = '';
let isAskedAnew = false;
let isScrolling = false;

/** The services that need consent; the exempt ones are nobody's to grant or refuse. */
function servicesAsked() {
  return (tarteaucitron.job || []).map((id) => tarteaucitron.services[id]).filter((it) => it?.needConsent);
}

// tarteaucitron writes its cookie just before it says what was chosen: no service is missed, whenever it was added.
document.addEventListener('tac.consent_updated', () => {
  for (const { key } of servicesAsked()) {
    if (heard.has(key)) continue;
    heard.add(key);
    document.addEventListener(`${key}_allowed`, () => answered({ [key]: true }));
    document.addEventListener(`${key}_disallowed`, () => answered({ [key]: false }));
  }
});

function answered(answers) {
  // With highPrivacy off, tarteaucitron takes scrolling for a yes. It is none.
  if (isScrolling) return;
  if (!act) Promise.resolve().then(closeAct);
  act = { ...act, ...answers };
}

function closeAct() {
  const touched = Object.keys(act);
  const answers = { ...recorder.answers(), ...act };
  act = undefined;
  recorder.keepAnswers(answers);
  const choices = choicesOf(Object.entries(answers).map(([key, isAllowed]) => [recorder.purposeOf(key), isAllowed]));
  recorder.record(choices, gestureOf(touched, answers), isAskedAnew);
  isAskedAnew = false;
}

function gestureOf(touched, answers) {
  if (ACCEPT_ALL.includes(control)) return 'accept-all';
  if (REFUSE_ALL.includes(control)) return 'refuse-all';
  const all = servicesAsked().map(({ key }) => answers[key]);
  if (touched.length < all.length) return 'choose';
  if (all.every((answer) => answer === true)) return 'accept-all';
  return all.every((answer) => answer === false) ? 'refuse-all' : 'choose';
}

addEventListener(
  'click',
  ({ target }) => {
    const button = target instanceof Element ? target.closest('button') : null;
    control = button ? button.id : '';
    isScrolling = false;
  },
  true,
);
addEventListener(
  'scroll',
  () => {
    isScrolling = true;
    setTimeout(() => {
      isScrolling = false;
    });
  },
  true,
);
// Asked anew, a person may well give the answer that stands: tarteaucitron raises no event for it.
document.addEventListener('click', ({ target }) => {
  if (isAskedAnew && target instanceof Element && target.closest(ANSWERING)) answered({});
});
addEventListener('tac.open_panel', () => recorder.prepare());

/** The answers have ended: tarteaucitron asks again as on a first visit. */
function forget() {
  const { cookieName = 'tarteaucitron', cookieDomain } = tarteaucitron.parameters || {};
  removeCookie(cookieName, cookieDomain);
  // What was loaded on answers that have ended stops with the page.
  if (window.tarteaucitronIsLoaded) location.reload();
}

/** Runs before tarteaucitron reads its cookie, where there is still time. */
function beforeLoad(task) {
  if (window.alreadyLaunch || document.readyState === 'complete') task();
  else addEventListener('load', task);
}

/** Once tarteaucitron has put its services on the page. */
function whenReady(task) {
  if (document.getElementById('tarteaucitronRoot')) setTimeout(task);
  else addEventListener('tac.root_available', () => setTimeout(task));
}

function askAnew() {
  isAskedAnew = true;
  recorder.markAsked();
  tarteaucitron.userInterface.openPanel();
}

/** What the person refused elsewhere stops here too. */
function refuse(purposes) {
  for (const { key } of servicesAsked()) {
    if (tarteaucitron.state[key] === true && purposes.includes(recorder.purposeOf(key)))
      tarteaucitron.setConsent(key, false);
  }
}

const due = recorder.due();
if (due === 'expired') beforeLoad(forget);
if (!recorder.hasDecided()) recorder.prepare();

whenReady(async () => {
  const answers = recorder.answers();
  const isUndecided = ({ key }) => tarteaucitron.state[key] === undefined;
  // tarteaucitron has forgotten what it was told, as its cookie ended: it asks anew.
  if (servicesAsked().some((service) => service.key in answers && isUndecided(service))) {
    isAskedAnew = true;
    recorder.keepAnswers({});
  }
  if (due) askAnew();
  recorder.prepare();
  const { due: dueNow, refused } = await recorder.refresh();
  refuse(refused);
  if (dueNow === 'expired') forget();
  else if (dueNow && !due) askAnew();
});

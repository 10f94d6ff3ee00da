/** One answer as residents see it. */
import { AskError } from './client.js';
import { h, icon, kept } from './dom.js';
import { numbers } from './figures.js';
import { more, quotation, tidy } from './quotation.js';
import { lookUp } from './requests.js';
import { canSpeak, hush, speak } from './speech.js';
import { tongue, word } from './strings.js';
/** @import {Answer, Hotline, Related, Turn, View, Vote} from './types.js' */

const REFERENCE = /[A-Z]{1,3}\d{6}-[0-9A-Za-z]+/;
const LISTED = /^\d+\. .*(（第\d+页）|\(page \d+\))$/;
const PLAIN = /^(大白话[：（]|In plain words)/; // what the headline means, as staff put it
const ICONS = {
  up: 'M7 11v9H4v-9zM7 11l4-8c2 0 3 1 2.5 3L13 9h6c1 0 2 1 1.7 2.2l-1.7 7c-.3 1.1-1 1.8-2 1.8H7',
  down: 'M17 13V4h3v9zM17 13l-4 8c-2 0-3-1-2.5-3l.5-3H5c-1 0-2-1-1.7-2.2l1.7-7C5.3 4.7 6 4 7 4h10',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  read: 'M4 10v4h3l5 4V6L7 10zM16 9a4 4 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11',
};

/**
 * In the interface's words, or in English where the answer is.
 * @param {Turn & {answer: Answer}} turn
 * @param {View} view
 */
export function answerElement(turn, view) {
  const { answer } = turn;
  const lang = answer.language === 'en' && 'en';
  if (lang) view = { ...view, t: (...of) => word(lang, ...of) };
  if (isUrgent(answer)) return urgent(answer, view);
  const parts = partsOf(answer);
  const quotes = answer.citations.map((citation) => quotation(citation, view));
  const open = parts.listed || view.elder ? 0 : 1;
  const plain = parts.after.filter((text) => PLAIN.test(text));
  const others = parts.after.filter((text) => !PLAIN.test(text));
  return h('div', { class: `answer ${answer.outcome}`, lang },
    ...parts.before.map((text) => line(text)),
    line(parts.headline, 'headline'),
    ...plain.map((text) => line(text)),
    parts.listed ? null : numbers(answer.facts, view.t),
    ...others.map((text) => line(text)),
    nextSteps(answer, view),
    ...quotes.slice(0, open),
    more(quotes.slice(open), quotes.length - open, view),
    parts.notice && line(parts.notice, 'notice'),
    answer.outcome === 'handoff' ? contactForm(answer, view) : null,
    answer.related.length ? choices(answer.related, answer.outcome === 'clarify' ? 'choose' : 'ask', view, parts.lead) : null,
    ['answered', 'not_in_plan'].includes(answer.outcome) ? actions(turn, view) : null,
    parts.quiet && line(parts.quiet, 'quiet'));
}

/** Whether the numbers to call are the answer, as in danger. @param {Answer} answer */
export function isUrgent(answer) {
  return answer.outcome === 'danger' || (answer.outcome === 'chat' && answer.hotlines.length > 0);
}

/**
 * The numbers, each for a thumb in haste, then what to do; nothing else.
 * @param {Answer} answer
 * @param {View} view
 */
function urgent(answer, view) {
  const { hotlines } = answer;
  const lines = answer.text.split('\n');
  const say = (/** @type {string} */ text) => line(text, 'line', hotlines);
  const isNumbers = (/** @type {string} */ text) => hotlines.some(({ number, name }) => text.includes(name) && text.includes(number));
  const at = Math.max(0, lines.findIndex(isNumbers)); // it and the next say what the links say
  return h('div', { class: `answer urgent ${answer.outcome}` },
    ...lines.slice(0, at).map(say),
    h('div', { class: 'hotlines', lang: tongue(answer.text) }, ...hotlines.map(({ number, name }) => h('a', { href: `tel:${number}` }, h('strong', {}, number), ` ${name}`))),
    ...lines.slice(at).filter((text, n) => n > 1 || !isNumbers(text)).map(say),
    canSpeak() && h('div', { class: 'actions' }, readButton(answer, view)));
}

/** Without its full stop. @param {string} text */
const bare = (text) => text.replace(/[。.]$/, '');

/** @param {string} text @param {Hotline[]} [shown] */
function line(text, name = 'line', shown) {
  return h('p', { class: name, lang: tongue(text) }, ...telephones(text, shown));
}

/**
 * The text's lines that no field shows: how it was understood, a list; `quiet`: whom to call, in doubt; `figures`: those that
 * bars show, for who cannot see them; `lead`: what the questions offered are, where they are more than next ones.
 * @param {Answer} answer
 */
export function partsOf(answer) {
  const lines = answer.text.split('\n').filter(Boolean);
  const notice = answer.notice ?? '';
  const quiet = answer.hotlines.length ? lines.pop() : '';
  const titles = answer.related.map((each) => each.title);
  const offered = (/** @type {string|undefined} */ text) => titles.includes((text ?? '').replace(/^\d+\. /, ''));
  const drawn = (/** @type {string} */ text) => /^(In )?\d{4}(年：|: )/.test(text) && answer.facts.some((fact) => fact.baseline && text.includes(fact.label));
  const leads = lines.filter((text, n) => /[：:]$/.test(text) && offered(lines[n + 1]) && text !== answer.headline);
  const rest = lines.filter((text) => !(offered(text)
    || leads.includes(text)
    || text === notice
    || answer.next_steps?.some(({ url }) => text.endsWith(` ${url}`))
    || (answer.citations.length && /^(原文：|出处：|In full |Source: )/.test(text))
    || drawn(text)));
  const at = rest.findIndex((text) => bare(text) === bare(answer.headline));
  const headline = (at < 0 ? rest[0] : rest[at]) ?? answer.headline;
  return {
    quiet,
    headline,
    before: rest.slice(0, Math.max(0, at)),
    after: rest.slice(Math.max(0, at) + 1),
    figures: lines.filter(drawn),
    lead: leads.find((text) => !/^(您还可以问|You can also)/.test(text))?.slice(0, -1),
    listed: rest.some((text) => LISTED.test(text)),
    notice,
  };
}

/**
 * Telephone numbers of help lines can be dialled, but for those that are `shown`; 120 kilometres are none.
 * @param {string} text
 * @param {Hotline[]} [shown]
 * @returns {(string|Node)[]}
 */
export function telephones(text, shown = []) {
  /** @type {(string|Node)[]} */
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(/(\D|^)(12345|12338|1235[56]|110|119|120|96110|962777)(?!\d| ?[公千万亿个张家所套条座处项名人台件平亩倍岁年月天米吨户页多余%％])/g)) {
    if (shown.some(({ number }) => number === match[2])) continue;
    const start = match.index + (match[1] ?? '').length;
    parts.push(text.slice(end, start), h('a', { href: `tel:${match[2]}` }, match[2]));
    end = start + (match[2] ?? '').length;
  }
  return [...parts, text.slice(end)];
}

/**
 * Where staff say that a resident goes on.
 * @param {Answer} answer
 * @param {View} view
 */
function nextSteps({ next_steps: steps }, { t }) {
  return steps?.length ? h('p', { class: 'steps' }, t('goOn'), ...steps.filter(({ url }) => /^https:\/\//i.test(url)).flatMap(({ name, url }) => [
    ' ', h('a', { href: url, target: '_blank', rel: 'noopener', lang: tongue(name) }, name, h('span', { class: 'unseen' }, t('newTab')))])) : null;
}

/**
 * @param {Related[]} related
 * @param {string} name of its title
 * @param {View} view
 * @param {string} [lead] that says it better
 */
function choices(related, name, view, lead) {
  const foreign = view.t('tag') === 'en' && related.some((each) => tongue(each.title) !== 'en');
  const title = lead || view.t(name) + (foreign ? view.t('inChinese') : '');
  return h('div', { class: 'choices', role: 'group', 'aria-label': title },
    h('p', { 'aria-hidden': 'true' }, title),
    ...related.map((each) => h('button', { class: 'choice', lang: tongue(each.title), click: () => view.ask(each.payload) }, each.title)));
}

/**
 * Votes with an optional word, copy, read aloud.
 * @param {Turn & {answer: Answer}} turn
 * @param {View} view
 */
function actions(turn, view) {
  const { t } = view;
  const after = h('div', { class: 'after' });
  /** @type {Record<Vote, HTMLButtonElement>} */
  const votes = { up: voteButton('up'), down: voteButton('down') };
  /** @param {Vote} value */
  function voteButton(value) {
    const name = t(value === 'up' ? 'useful' : 'useless');
    return h('button', { class: 'tool', 'aria-pressed': String(turn.vote === value), click: () => vote(value) }, icon(ICONS[value]), name);
  }
  /**
   * @param {Vote} value
   * @param {string} [comment]
   */
  async function vote(value, comment) {
    try {
      await view.conversation.vote(turn.id, value, comment);
    } catch {
      return view.say(t('voteFailed'));
    }
    for (const [name, button] of Object.entries(votes)) button.setAttribute('aria-pressed', String(name === value));
    view.fire('feedback', { answer_id: turn.answer.answer_id, value });
    after.replaceChildren(...kept([value === 'down' && next(), comment === undefined ? commentForm(value) : h('p', {}, t('voted'))]));
    view.say(t('voted'));
  }
  /** What else helps: other words, a person, the telephone. */
  function next() {
    return h('p', { class: 'next' }, ...telephones(t('next')), ' ', h('button', { class: 'small', click: () => view.ask('人工') }, t('person')));
  }
  /** @param {Vote} value */
  function commentForm(value) {
    const input = h('input', { type: 'text', maxlength: 200, 'aria-label': t('comment'), placeholder: t('comment') });
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      vote(value, input.value.trim());
    };
    return h('form', { class: 'oneline', submit }, input, h('button', {}, t('commentSend')));
  }
  return h('div', { class: 'actions' }, votes.up, votes.down, copyButton(turn.answer, view), canSpeak() && readButton(turn.answer, view), after);
}

/**
 * @param {Answer} answer
 * @param {View} view
 */
function copyButton(answer, view) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(answer.text);
    } catch { // plain http, or refused
      const area = h('textarea', { class: 'unseen', 'aria-hidden': 'true', tabindex: -1 });
      area.value = answer.text;
      button.after(area);
      area.select();
      document.execCommand('copy');
      area.remove();
      button.focus();
    }
    view.say(view.t('copied'));
  };
  const button = h('button', { class: 'tool extra', click: copy }, icon(ICONS.copy), view.t('copy'));
  return button;
}

/**
 * @param {Answer} answer
 * @param {View} view
 */
function readButton(answer, view) {
  const label = h('span', {}, view.t('read'));
  const button = h('button', { class: 'tool', 'aria-pressed': 'false', click: toggle }, icon(ICONS.read), label);
  function show(/** @type {boolean} */ reading) {
    button.setAttribute('aria-pressed', String(reading));
    label.textContent = view.t(reading ? 'stop' : 'read');
  }
  function toggle() {
    if (button.getAttribute('aria-pressed') === 'true') return hush();
    show(true);
    const quote = answer.citations[0];
    const parts = partsOf(answer);
    const place = quote ? [tidy(quote.quote), `${quote.document}第${quote.page}页。`] : [];
    const lines = isUrgent(answer) ? answer.text.split('\n').map(digits) : [...parts.before, parts.headline, ...parts.figures, ...parts.after, ...place, digits(parts.quiet ?? '')];
    speak(lines.filter(Boolean).join('\n'), view.elder, () => show(false));
  }
  return button;
}

/** Numbers to call, digit by digit. @param {string} text */
function digits(text) {
  return text.replace(/\d{3,}/g, (number) => (tongue(text) === 'en' ? [...number].join(' ') : number.replace(/\d/g, (digit) => '零幺二三四五六七八九'[+digit] ?? '')));
}

/**
 * The reference number, and a way to be reached, with consent.
 * @param {Answer} answer
 * @param {View} view
 */
function contactForm(answer, view) {
  const { t } = view;
  const reference = REFERENCE.exec(answer.headline)?.[0];
  if (!reference) return null;
  const contact = h('input', { type: 'text', maxlength: 100, autocomplete: 'tel', 'aria-label': t('contact'), required: true });
  const consent = h('input', { type: 'checkbox' });
  const problem = h('p', { class: 'problem', role: 'alert' });
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const value = contact.value.trim();
    const wrong = !/\d{5}|@/.test(value) ? 'contactBad' : !consent.checked ? 'consentBad' : '';
    if (wrong) {
      problem.textContent = t(wrong);
      return (wrong === 'consentBad' ? consent : contact).focus();
    }
    try {
      await view.client.leaveContact(reference, value);
      form.replaceChildren(h('p', { class: 'done', tabindex: -1 }, t('contactDone')));
      view.say(t('contactDone'));
      /** @type {HTMLElement} */ (form.firstChild).focus();
    } catch (error) {
      problem.textContent = t(error instanceof AskError && error.code === 'contact' ? 'contactBad' : 'contactFailed');
    }
  };
  const form = h('form', { class: 'contact', novalidate: true, submit },
    h('label', {}, t('contact'), contact),
    h('label', { class: 'tick' }, consent, h('span', {}, t('consent'))),
    problem,
    h('button', {}, t('contactSend')));
  return h('div', {}, h('p', { class: 'reference' }, t('reference'), ' ', h('strong', {}, reference)), lookUp(() => reference, view), form);
}

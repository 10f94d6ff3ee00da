/** What is behind “more”. */
import { h } from './dom.js';
import { lookUp } from './requests.js';
import { LANGS, LANG_NAMES } from './strings.js';
/** @import {Host, Turn} from './types.js' */

const SHEET = 'body{font:12pt/1.7 system-ui,sans-serif;max-width:42rem;margin:2rem auto}section{break-inside:avoid;border-top:1px solid}h2{font-size:1em}p{white-space:pre-line}';

/**
 * @param {Host} host
 * @param {import('./panel.js').Panel} panel
 */
export function menuElement(host, panel) {
  const { t } = panel.view;
  const title = () => t('saved', { title: host.name });
  const done = () => [...host.conversation.turns.values()];
  const text = () => saveText(asText(done(), title()), title());
  const print = () => printPage(done(), title()) || text();
  const erase = h('button', { class: 'danger', click: ask }, t('clear'));
  const deleting = h('div', {}, erase);
  function ask() {
    const keep = h('button', { click: back }, t('cancel'));
    const yes = h('button', { class: 'danger', click: clear }, t('clearYes'));
    deleting.replaceChildren(h('p', { role: 'alert' }, t('clearAsk')), yes, keep);
    keep.focus();
  }
  function back() {
    deleting.replaceChildren(erase);
    erase.focus();
  }
  async function clear() {
    try {
      await host.conversation.clear();
      panel.closeMenu();
    } catch {
      deleting.replaceChildren(h('p', { role: 'alert' }, t('clearFailed')), erase);
      erase.focus();
    }
  }
  const number = h('input', { type: 'text', maxlength: 32, autocomplete: 'off', placeholder: 'QP', 'aria-label': t('reference') });
  return h('div', { class: 'menu', role: 'group', 'aria-label': t('menu') },
    select(t('theme'), ['auto', 'light', 'dark'], [t('auto'), t('light'), t('dark')], host.theme, (value) => host.prefer({ theme: /** @type {any} */ (value) })),
    select(t('lang'), LANGS, LANG_NAMES, host.language, (value) => host.prefer({ lang: /** @type {any} */ (value) })),
    h('div', { class: 'row' }, h('button', { click: text }, t('saveText')), h('button', { click: print }, t('print'))),
    h('label', {}, t('reference'), number), lookUp(() => number.value, panel.view),
    deleting);
}

/**
 * @param {string} label
 * @param {string[]} values
 * @param {string[]} names
 * @param {string} chosen
 * @param {(value: string) => void} choose
 */
function select(label, values, names, chosen, choose) {
  const options = values.map((value, n) => h('option', { value, selected: value === chosen }, names[n]));
  const list = h('select', { change: () => choose(list.value) }, ...options);
  return h('label', {}, label, list);
}

/**
 * @param {Turn[]} turns
 * @param {string} title
 */
function asText(turns, title) {
  const parts = turns.map((turn) => `【${when(turn)}】\n问：${turn.text}\n答：${turn.answer?.text ?? '—'}\n`);
  return `${title}\n\n${parts.join('\n')}`;
}

/**
 * Save a text file; with its byte order mark Windows shows Chinese.
 * @param {string} text
 * @param {string} title
 */
function saveText(text, title) {
  const address = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/plain;charset=utf-8' }));
  h('a', { href: address, download: `${title}.txt` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

/**
 * Open a page to print; false if the browser refuses windows.
 * @param {Turn[]} turns
 * @param {string} title
 */
function printPage(turns, title) {
  const page = window.open('', '_blank');
  if (!page) return false;
  const { document: paper } = page;
  const sheet = new (/** @type {any} */ (page).CSSStyleSheet)();
  sheet.replaceSync(SHEET);
  paper.adoptedStyleSheets = [sheet];
  paper.title = title;
  paper.documentElement.lang = 'zh-Hans';
  paper.body.append(h('h1', {}, title), ...turns.map((turn) => h('section', {},
    h('small', {}, when(turn)), h('h2', {}, turn.text), h('p', {}, turn.answer?.text ?? '—'))));
  page.setTimeout(() => page.print(), 100);
  return true;
}

/** @param {Turn} turn */
function when(turn) {
  return new Date(turn.at).toLocaleString('zh-CN', { dateStyle: 'medium', timeStyle: 'short' });
}

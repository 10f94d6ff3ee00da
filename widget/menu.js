/** What is behind “more”: appearance, language, taking the conversation along, deleting it. */
import { h } from './dom.js';
import { asText, printPage, saveText } from './saving.js';
import { LANGS, LANG_NAMES } from './strings.js';

/**
 * @param {import('./element.js').QingpuAsk} host
 * @param {import('./panel.js').Panel} panel
 * @returns {HTMLElement} a disclosed group of ordinary controls
 */
export function menuElement(host, panel) {
  const { t } = panel.view;
  const title = () => t('saved', { title: host.name });
  const done = () => [...host.conversation.turns.values()];
  const text = () => saveText(asText(done(), title()), title());
  const print = () => printPage(done(), title()) || text();
  const deleting = h('div', {});
  const erase = h('button', { type: 'button', class: 'danger', click: () => ask() }, t('clear'));
  deleting.append(erase);
  function ask() {
    const keep = h('button', { type: 'button', click: () => back() }, t('cancel'));
    const yes = h('button', { type: 'button', class: 'danger', click: () => clear() }, t('clearYes'));
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
  return h('div', { class: 'menu', role: 'group', 'aria-label': t('menu') },
    select(t('theme'), ['auto', 'light', 'dark'], [t('auto'), t('light'), t('dark')], host.theme, (value) => host.prefer({ theme: /** @type {any} */ (value) })),
    select(t('lang'), LANGS, LANG_NAMES, host.language, (value) => host.prefer({ lang: /** @type {any} */ (value) })),
    h('div', { class: 'row' }, h('button', { type: 'button', click: text }, t('saveText')), h('button', { type: 'button', click: print }, t('print'))),
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

/** Taking the conversation along: as a text file, or as a page to print. */
import { h } from './dom.js';
/** @import {Turn} from './types.js' */

/**
 * @param {Turn[]} turns
 * @param {string} title
 */
export function asText(turns, title) {
  const parts = turns.map((turn) => `【${when(turn)}】\n问：${turn.text}\n答：${turn.answer?.text ?? '—'}\n`);
  return `${title}\n\n${parts.join('\n')}`;
}

/**
 * Hand a text file to the resident. It begins with a byte order mark, so that Windows shows Chinese.
 * @param {string} text
 * @param {string} title
 */
export function saveText(text, title) {
  const address = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/plain;charset=utf-8' }));
  h('a', { href: address, download: `${title}.txt` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

const SHEET = 'body{font:12pt/1.7 system-ui,sans-serif;max-width:42rem;margin:2rem auto}section{break-inside:avoid;border-top:1px solid}h2{font-size:1em}p{white-space:pre-line}';

/**
 * Open a page of the conversation and its print dialog; false if the browser refuses windows.
 * @param {Turn[]} turns
 * @param {string} title
 */
export function printPage(turns, title) {
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

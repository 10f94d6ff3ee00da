/** The plan's words: which, where they stand, and what is folded. */
import { h } from './dom.js';
/** @import {Child, Citation, View, Words} from './types.js' */

const DIGITS = ['', ...'一二三四五六七八九'];

/**
 * @param {Citation} citation
 * @param {View} view
 */
export function quotation(citation, { t, elder }) {
  const url = elder ? citation.url.replace(/(?=#|$)/, `${citation.url.includes('?') ? '&' : '?'}elder=1`) : citation.url;
  return h('figure', { class: 'quotation' },
    h('figcaption', { class: 'unseen' }, t('quote')),
    h('blockquote', { lang: 'zh-Hans' }, tidy(citation.quote)),
    h('p', { class: 'source' },
      h('cite', { lang: 'zh-Hans' }, citation.document, ...place(citation, t)), ' ',
      h('span', { class: 'at' }, t('pageNo', { n: citation.page })), ' ',
      /^https?:\/\//i.test(url)
        ? h('a', { href: url, target: '_blank', rel: 'noopener' }, t('openPlan'), h('span', { class: 'unseen' }, t('newTab')))
        : null));
}

/**
 * Chapter and section counted in the interface's words, headings in the plan's.
 * @param {Citation} citation
 * @param {Words} t
 */
function place({ chapter, section, heading }, t) {
  const counted = (/** @type {string} */ name, /** @type {string} */ text) => {
    const [all, tens, ones] = /^第(?:([二三四五六七八九]?)十)?([一二三四五六七八九]?)[章节]/.exec(text) ?? [];
    if (!all) return text;
    const n = (tens === undefined ? 0 : (DIGITS.indexOf(tens) || 1) * 10) + DIGITS.indexOf(ones ?? '');
    return [h('span', { lang: t('tag') }, t(name, { n, text: all })), text.slice(all.length)];
  };
  return [counted('chapter', chapter), counted('section', section), heading].flat();
}

/**
 * Without the blanks that the PDF put beside Chinese characters.
 * @param {string} text
 */
export function tidy(text) {
  return text.replace(/([^\x00-\x7f])[ \t]+/g, '$1').replace(/[ \t]+([^\x00-\x7f])/g, '$1');
}

/**
 * Passages that are folded; for elders all of them, with the notice.
 * @param {Child[]} inside
 * @param {number} n passages
 * @param {View} view
 */
export function more(inside, n, view) {
  return n > 0 ? h('details', { class: 'more' }, h('summary', {}, view.t(view.elder ? 'inFull' : 'alsoQuoted', { n })), ...inside) : null;
}

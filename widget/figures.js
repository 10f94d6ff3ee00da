/** Numbers of an answer: a bar where there is a baseline, else a figure. */
import { draw, h } from './dom.js';
/** @import {Baseline, Fact, Words} from './types.js' */

const SHOWN = 4; // of one sentence; the rest stands in the quotation
const SHARES = ['%', '％'];
const AFTER = ['左右', '以上', '以下', '以内', '余', '多'];

/**
 * @param {Fact[]} facts
 * @param {Words} t
 * @returns {HTMLElement|null}
 */
export function numbers(facts, t) {
  if (!facts.length) return null;
  const shown = facts.slice(0, SHOWN);
  return h('div', { class: 'numbers', role: 'group', 'aria-label': t('numbers') },
    ...shown.map((fact) => (fact.baseline ? change(fact, fullLength(fact.unit, shown), t) : figure(fact, t))));
}

/**
 * What the full length of a bar stands for, one scale for all of a unit: the largest number, or a hundred of shares.
 * @param {string} unit
 * @param {Fact[]} facts
 */
function fullLength(unit, facts) {
  const ends = facts.filter((fact) => fact.baseline && fact.unit === unit).flatMap((fact) => [Number(fact.value), Number(fact.baseline?.value)]);
  const most = Math.max(0, ...ends.filter((end) => end > 0));
  return SHARES.includes(unit) && most <= 100 ? 100 : most;
}

/**
 * @param {Fact} fact
 * @param {Words} t
 */
function figure(fact, t) {
  const year = fact.year ? t('year', { n: fact.year }) : '';
  return h('p', { class: 'figure' },
    h('span', { class: 'label', lang: 'zh-Hans' }, fact.label), ' ',
    h('span', { class: 'value' }, year && h('small', {}, `${year} `), h('strong', { lang: 'zh-Hans' }, printed(fact.value, fact))));
}

/**
 * @param {Fact} fact
 * @param {number} whole
 * @param {Words} t
 */
function change(fact, whole, t) {
  const baseline = /** @type {Baseline} */ (fact.baseline);
  const [old, now] = [Number(baseline.value), Number(fact.value)];
  const drawn = whole > 0 && old >= 0 && now >= 0;
  const row = (/** @type {string} */ kind, /** @type {string} */ when, /** @type {string} */ value, /** @type {number} */ length) =>
    h('div', { class: `bar ${kind}` }, h('span', { class: 'when' }, when), drawn && bar(length / whole), h('strong', { lang: 'zh-Hans' }, value));
  const goal = fact.year ? `${t('year', { n: fact.year })}${t('target')}` : t('target');
  return h('div', { class: 'change' },
    h('p', { class: 'label', lang: 'zh-Hans' }, fact.label),
    row('old', baseline.year ? t('year', { n: baseline.year }) : '', `${baseline.value}${fact.unit}`, old),
    row('new', goal, printed(fact.value, fact), now));
}

/** @param {number} share of the full length, 0–1 */
function bar(share) {
  const svg = draw('svg', { viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  svg.append(draw('rect', { class: 'track', width: 100, height: 10 }), draw('rect', { class: 'fill', width: Math.round(share * 1000) / 10, height: 10 }));
  return svg;
}

/**
 * @param {number|string} value
 * @param {Fact} fact
 */
function printed(value, fact) {
  const number = `${value}${fact.unit}`;
  if (fact.qualifier === '占比') return number;
  return AFTER.includes(fact.qualifier) ? number + fact.qualifier : fact.qualifier + number;
}

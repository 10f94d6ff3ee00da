import { answerElement, telephones } from './answer.js';
import { h } from './dom.js';
/** @import {Turn, View} from './types.js' */

/** Questions and answers. */
export class Turns {
  /**
   * @param {View} view
   * @param {string} name of the region
   * @param {{hot: string[], about: () => string, edit: (text: string) => void}} offers
   */
  constructor(view, name, offers) {
    this.view = view;
    this.offers = offers;
    this.list = h('ol', { class: 'turns' });
    this.element = h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': name }, this.list);
  }

  /** @param {Turn[]} turns */
  draw(turns) {
    this.list.replaceChildren(...(turns.length ? turns.map((turn) => this.item(turn)) : [this.welcome()]));
  }

  /** Show one turn, new or changed. @param {Turn} turn */
  put(turn) {
    const old = this.find(turn.id);
    if (old) return old.replaceWith(this.item(turn));
    this.list.querySelector('.welcome')?.remove();
    this.list.append(this.item(turn));
    this.show(turn.id);
  }

  /** Bring a question to the top, or numbers to call. @param {string} [id] the last one */
  show(id) {
    const last = this.list.lastElementChild;
    const item = id ? this.find(id) : last instanceof HTMLElement && last.dataset.id ? last : undefined;
    const { clientHeight } = this.element;
    const question = item?.querySelector('.question');
    const fills = question instanceof HTMLElement && question.offsetHeight > clientHeight / 2; // as at 400 %: its end, and the answer
    const top = item?.querySelector(fills ? '.answer' : '.urgent') ?? item;
    if (top instanceof HTMLElement) this.element.scrollTop = top.offsetTop - (fills && !top.matches('.urgent') ? clientHeight / 4 : 8);
  }

  /** @param {string} id */
  find(id) {
    return /** @type {HTMLElement[]} */ ([...this.list.children]).find((item) => item.dataset.id === id);
  }

  welcome() {
    const { t, ask } = this.view;
    const { hot, about } = this.offers;
    return h('li', { class: 'welcome' }, h('p', { class: 'hello' }, t('hello')), h('p', {}, about()),
      hot.length > 0 && h('div', { class: 'choices', role: 'group', 'aria-label': t('hot') }, h('p', { 'aria-hidden': 'true' }, t('hot')),
        ...hot.map((text) => h('button', { class: 'choice', lang: 'zh-Hans', click: () => ask(text) }, text))));
  }

  /** @param {Turn} turn */
  item(turn) {
    const { answer } = turn;
    return h('li', { class: 'turn', 'data-id': turn.id, 'data-state': turn.state },
      h('p', { class: 'question' }, h('span', { class: 'unseen' }, `${this.view.t('you')}：`), turn.text),
      answer ? answerElement({ ...turn, answer }, this.view) : this.pending(turn));
  }

  /** @param {Turn} turn */
  pending(turn) {
    const { t, conversation } = this.view;
    if (turn.state === 'sending') {
      return h('p', { class: 'pending' }, h('span', { class: 'dots', 'aria-hidden': 'true' }, h('i'), h('i'), h('i')), h('span', { class: 'unseen' }, t('sending')));
    }
    const refused = turn.reason === 'too_long' ? 'tooLong' : 'failed';
    const why = turn.state === 'failed' ? refused : turn.reason === 'rate_limited' ? 'busy' : 'waiting';
    return h('div', { class: 'pending problem' }, t(why), ' ',
      h('button', { class: 'small', click: () => conversation.retry(turn.id) }, t('retry')),
      turn.state === 'failed' && h('button', { class: 'small', click: () => this.offers.edit(turn.text) }, t('edit')),
      why === 'waiting' && h('p', { class: 'quiet' }, ...telephones(t('emergency'))));
  }
}

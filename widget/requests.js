/** A request that waits for staff: how it stands, told to whoever knows its number. */
import { AskError } from './client.js';
import { h } from './dom.js';

/**
 * A button that looks a request up, and what it finds.
 * @param {() => string} reference
 * @param {import('./types.js').View} view
 */
export function lookUp(reference, { t, client, say }) {
  const standing = h('p', { class: 'standing' });
  const look = async () => {
    const words = await client.request(reference()).then(told, refused);
    standing.textContent = words;
    say(words);
  };
  /** @param {import('./types.js').Standing} found */
  function told({ status, reply_by: by, overdue, text }) {
    const date = by && new Date(by).toLocaleDateString(t('tag'), { month: 'long', day: 'numeric', timeZone: 'Asia/Shanghai' });
    return t(status) + (date ? t(overdue ? 'overdue' : 'replyBy', { date }) : '') + (text ? t('registeredText', { text }) : '');
  }
  /** @param {unknown} error */
  function refused(error) {
    return t(!(error instanceof AskError) || error.retry ? 'lookFailed' : error.code === 'bad_request' ? 'noNumber' : 'noSuchRequest');
  }
  return h('div', {}, h('button', { type: 'button', click: look }, t('lookUp')), standing);
}

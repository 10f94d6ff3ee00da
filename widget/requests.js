/** A request that waits for staff: how it stands, told to whoever made it. */
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
  /** @param {{status: string, reply_by: string|null}} found */
  function told({ status, reply_by: by }) {
    const date = by && new Date(by).toLocaleDateString(t('tag'), { dateStyle: 'medium' });
    return t(status) + (date ? t('replyBy', { date }) : '');
  }
  /** @param {unknown} error */
  function refused(error) {
    return t(error instanceof AskError && !error.retry ? 'noSuchRequest' : 'lookFailed');
  }
  return h('div', {}, h('button', { type: 'button', click: look }, t('lookUp')), standing);
}

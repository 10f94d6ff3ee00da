/** What a screen reader is told of an answer. */
import { partsOf } from './answer.js';
import { tidy } from './quotation.js';

/**
 * The whole answer in the order in which it matters: what it says, what there is to choose from, the numbers that are drawn,
 * the number to call, the plan's words and where they stand, what to bear in mind. Buttons and forms are found by moving on.
 * @param {import('./types.js').Answer} answer
 * @param {import('./types.js').Words} t
 * @returns {string[]}
 */
export function told(answer, t) {
  const { before, headline, figures, after, quiet, notice, listed, lead } = partsOf(answer);
  const offered = lead || answer.outcome === 'clarify' ? answer.related.map(({ title }, n) => `${n + 1}. ${title}`) : [];
  const [quote] = listed ? [] : answer.citations;
  const place = quote ? [`${t('quote')}：`, tidy(quote.quote), t('pageNo', { n: quote.page })] : [];
  return [`${t('bot')}：`, ...before, headline, lead ? `${lead}：` : offered.length ? t('choices', { n: offered.length }) : '', ...offered, ...figures, ...after, quiet ?? '', ...place, notice].filter(Boolean);
}

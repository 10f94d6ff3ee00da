/**
 * What modules hand to each other; loaded by no page. The answer's fields are those of answer/1.
 *
 * @typedef {{value: number|string, year: number|null}} Baseline
 * @typedef {{label: string, value: number|string, unit: string, year: number|null, qualifier: string,
 *   baseline: Baseline|null}} Fact
 * @typedef {{commitment_id: string, quote: string, chapter: string, section: string, heading: string, page: number,
 *   document: string, url: string, document_id?: string}} Citation
 * @typedef {{title: string, payload: string}} Related
 * @typedef {{number: string, name: string}} Hotline
 * @typedef {{answer_id: string, outcome: string, topic: string|null, headline: string, facts: Fact[],
 *   citations: Citation[], related: Related[], notice: string|null, danger?: string|null, hotlines: Hotline[],
 *   language?: 'zh'|'en', next_steps?: {name: string, url: string}[]}} Custom
 * @typedef {Custom & {text: string}} Answer
 * @typedef {{status: string, reply_by: string|null, overdue: boolean, text: string|null}} Standing
 * @typedef {'up'|'down'} Vote
 * @typedef {string|Node|null|undefined|false} Child
 * @typedef {Record<string, string|number|boolean|null|undefined|((event: any) => void)>} Properties
 * @typedef {import('./element.js').QingpuAsk} Host
 * @typedef {'sending'|'waiting'|'failed'|'done'} TurnState `waiting`: sent again by itself; `failed`: refused
 * @typedef {{id: string, text: string, at: number, state: TurnState, answer?: Answer, vote?: Vote, reason?: string}} Turn
 * @typedef {{id: string, text: string, at: number}} Unsent
 * @typedef {{zh: string, en: string, kind: string, answering_off: boolean}} Notice
 * @typedef {'zh-Hans'|'zh-Hant'|'en'} Lang
 * @typedef {'auto'|'light'|'dark'} Theme
 * @typedef {(name: string, values?: Record<string, string|number>) => string} Words
 * @typedef {{elder?: boolean, lang?: Lang, theme?: Theme}} Preferences
 *
 * What a part of the view may use of the whole.
 * @typedef {{t: Words, elder: boolean, client: import('./client.js').Client,
 *   conversation: import('./conversation.js').Conversation, ask: (text: string) => void, say: (...lines: string[]) => void,
 *   fire: (name: string, detail?: object) => void}} View
 */
export {};

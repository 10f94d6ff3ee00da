/** The interface's words; the plan is never translated. */
/** @import {Lang} from './types.js' */

/** @type {Record<string, [string, string, string]>} Simplified, Traditional, English */
export const WORDS = {
  title: ['青浦民生问答', '青浦民生問答', 'Ask Qingpu'],
  launch: ['民生问答', '民生問答', 'Ask'],
  close: ['关闭', '關閉', 'Close'],
  menu: ['更多', '更多', 'More'],
  elder: ['大字', '大字', 'Large'],
  elderLabel: ['长辈模式：大字、清晰、朗读慢', '長輩模式：大字、清晰、朗讀慢', 'Elder mode: large text'],
  theme: ['外观', '外觀', 'Theme'],
  auto: ['跟随系统', '跟隨系統', 'As the system'],
  light: ['浅色', '淺色', 'Light'],
  dark: ['深色', '深色', 'Dark'],
  lang: ['界面文字', '介面文字', 'Language'],
  saveText: ['保存为文本', '儲存為文字檔', 'Save as text'],
  print: ['打印', '列印', 'Print'],
  clear: ['删除全部对话', '刪除全部對話', 'Delete the conversation'],
  clearAsk: ['这里和服务器上的对话都会删除，找不回来。登记过的事也一起删，编号作废，工作人员不能再联系您。确定吗？', '這裡和伺服器上的對話都會刪除，找不回來。登記過的事也一起刪，編號作廢，工作人員不能再聯絡您。確定嗎？', 'Delete it here and on the server, for good? What you asked staff goes, too: they cannot reply any more.'],
  clearYes: ['删除', '刪除', 'Delete'],
  cancel: ['不删', '不刪', 'Keep'],
  cleared: ['对话已删除', '對話已刪除', 'The conversation was deleted'],
  clearFailed: ['没有删成，网络接通后请再试', '沒有刪成，網路接通後請再試', 'Not deleted; try again'],
  hello: ['您好！用平常说话的方式问就行。', '您好！用平常說話的方式問就行。', 'Hello! Just ask in your own words.'],
  about: ['我只用{plan}的原文回答，带页码；没写的会直说。', '我只用{plan}的原文回答，帶頁碼；沒寫的會直說。', 'I quote {plan}, or say it is silent.'],
  hot: ['大家常问', '大家常問', 'Often asked'],
  input: ['您想问什么', '您想問什麼', 'Your question'],
  placeholder: ['例如：养老床位', '例如：養老床位', 'e.g. 养老床位'],
  send: ['发送', '傳送', 'Send'],
  speakIn: ['用说的', '用說的', 'Speak'],
  listening: ['正在听，说完请停一下…', '正在聽，說完請停一下…', 'Listening …'],
  heardNothing: ['没有听清，请再说一次或打字', '沒有聽清，請再說一次或打字', 'Not understood; say it again or type'],
  heard: ['听到了，请看一看再发送', '聽到了，請看一看再傳送', 'Check the text, then send'],
  suggestions: ['可以问', '可以問', 'Suggestions'],
  suggested: ['{n} 个可以问的问题，按上下键选', '{n} 個可以問的問題，按上下鍵選', '{n} suggestions, arrow keys choose'],
  left: ['还可以写 {n} 字', '還可以寫 {n} 字', '{n} characters left'],
  over: ['超出 {n} 字，请缩短', '超出 {n} 字，請縮短', '{n} characters too many'],
  privacy: ['请不要写身份证号、银行卡号。', '請不要寫身分證號、銀行卡號。', 'Please leave out ID and bank card numbers.'],
  sending: ['正在查找…', '正在查找…', 'Looking it up …'],
  waiting: ['还没有发出去，网络接通后自动再发', '還沒有發出去，網路接通後自動再發', 'Not sent yet; sent once you are online'],
  emergency: ['情况紧急，请直接拨打 110、119 或 120。', '情況緊急，請直接撥打 110、119 或 120。', 'In an emergency dial 110, 119 or 120.'],
  busy: ['问的人多，稍等会自动再发', '問的人多，稍等會自動再發', 'Busy; sent again in a moment'],
  failed: ['没有发出去', '沒有發出去', 'Not sent'],
  tooLong: ['太长了，请缩短到 1000 字以内', '太長了，請縮短到 1000 字以內', 'Too long; at most 1,000 characters'],
  retry: ['重试', '重試', 'Try again'],
  edit: ['改一改', '改一改', 'Edit'],
  offline: ['网络断开了。您可以照常写，接通后自动发送。', '網路斷開了。您可以照常寫，接通後自動傳送。', 'Offline. Questions are sent when you are back.'],
  historyFailed: ['以前的对话暂时取不到', '以前的對話暫時取不到', 'Earlier turns cannot be loaded'],
  you: ['您', '您', 'You'],
  bot: ['答复', '答覆', 'Answer'],
  inFull: ['看规划原文和出处', '看規劃原文和出處', 'The passage in full'],
  tag: ['zh-Hans', 'zh-Hant', 'en'],
  chapter: ['{text}', '{text}', 'Chapter {n}'],
  section: ['{text}', '{text}', ', Section {n}'],
  inChinese: ['（中文）', '（中文）', ' (in Chinese)'],
  quote: ['规划原文', '規劃原文', 'From the plan'],
  pageNo: ['第 {n} 页', '第 {n} 頁', 'p. {n}'],
  openPlan: ['看原文', '看原文', 'Open the plan'],
  goOn: ['下一步：', '下一步：', 'Next step:'],
  newTab: ['（新窗口）', '（新視窗）', ' (new window)'],
  alsoQuoted: ['另外 {n} 段原文', '另外 {n} 段原文', '{n} more passages'],
  numbers: ['数字', '數字', 'Numbers'],
  target: ['目标', '目標', ' target'],
  year: ['{n} 年', '{n} 年', '{n}'],
  ask: ['您还可以问', '您還可以問', 'You may also ask'],
  choices: ['有 {n} 个可以选：', '有 {n} 個可以選：', '{n} to choose from:'],
  choose: ['请选一个', '請選一個', 'Choose one'],
  useful: ['有用', '有用', 'Useful'],
  useless: ['没用', '沒用', 'Not useful'],
  voted: ['谢谢！', '謝謝！', 'Thank you!'],
  next: ['对不起，没帮上忙。可以换个说法再问，打 12345，或者', '對不起，沒幫上忙。可以換個說法再問，打 12345，或者', 'Sorry. Try other words, dial 12345, or'],
  person: ['找人工', '找人工', 'ask a person'],
  comment: ['想说一句吗（可不填）', '想說一句嗎（可不填）', 'A word more (optional)'],
  commentSend: ['提交', '提交', 'Submit'],
  voteFailed: ['没有记上，请再点一次', '沒有記上，請再點一次', 'Not recorded; tap again'],
  copy: ['复制', '複製', 'Copy'],
  copied: ['已复制', '已複製', 'Copied'],
  read: ['朗读', '朗讀', 'Read aloud'],
  stop: ['停止', '停止', 'Stop'],
  reference: ['登记编号', '登記編號', 'Reference number'],
  lookUp: ['查登记的进度', '查登記的進度', 'How does it stand?'],
  open: ['已经登记，等工作人员查看', '已經登記，等工作人員查看', 'Registered; staff will look at it'],
  in_progress: ['工作人员正在处理', '工作人員正在處理', 'Staff are dealing with it'],
  done: ['已经处理完', '已經處理完', 'Dealt with'],
  replyBy: ['，预计{date}前有答复', '，預計{date}前有答覆', '; a reply is expected by {date}'],
  overdue: ['，本来预计{date}前有答复，现在过了，对不起；着急请打 12345', '，本來預計{date}前有答覆，現在過了，對不起；著急請打 12345', '; a reply was expected by {date}, sorry; dial 12345 if it is urgent'],
  registeredText: ['。您登记的是：{text}', '。您登記的是：{text}', '. You registered: {text}'],
  noNumber: ['请写上登记时给您的编号，QP 开头的', '請寫上登記時給您的編號，QP 開頭的', 'Please write the number you were given; it begins with QP'],
  noSuchRequest: ['没有查到。请看看编号写对没有；对话删除以后，编号也作废。', '沒有查到。請看看編號寫對沒有；對話刪除以後，編號也作廢。', 'Not found. Please check the number; it is void once the conversation was deleted.'],
  lookFailed: ['暂时查不到，请稍后再试', '暫時查不到，請稍後再試', 'Not now; please try again later'],
  contact: ['留个电话或邮箱，方便工作人员找您（可以不留）', '留個電話或電郵，方便工作人員找您（可以不留）', 'Phone or e-mail (optional)'],
  consent: ['我同意工作人员为这件事联系我。联系方式加密保存。', '我同意工作人員為這件事聯絡我。聯絡方式加密儲存。', 'Staff may contact me about this. It is stored encrypted.'],
  contactSend: ['留下联系方式', '留下聯絡方式', 'Leave it'],
  contactDone: ['收到了。请记好编号。', '收到了。請記好編號。', 'Received. Please keep the number.'],
  contactFailed: ['没有留成，请再试一次', '沒有留成，請再試一次', 'Not saved; please try again'],
  contactBad: ['请写上电话或邮箱', '請寫上電話或電郵', 'A phone number or e-mail is needed'],
  consentBad: ['请先勾选同意', '請先勾選同意', 'Please tick the consent first'],
  saved: ['{title} 对话记录', '{title} 對話記錄', '{title}: conversation'],
};

/** @type {Lang[]} */
export const LANGS = ['zh-Hans', 'zh-Hant', 'en'];
export const LANG_NAMES = ['简体中文', '繁體中文', 'English'];

/**
 * The language for a BCP 47 tag.
 * @param {string|null|undefined} tag
 * @returns {Lang}
 */
export function langOf(tag) {
  if (/^en/i.test(tag ?? '')) return 'en';
  return /hant|tw|hk|mo/i.test(tag ?? '') ? 'zh-Hant' : 'zh-Hans';
}

/** The language of a sentence: the plan's, or English as in a reply to danger. @param {string} text */
export function tongue(text) {
  return /^[A-Z][ -~]{6}/.test(text) ? 'en' : 'zh-Hans';
}

/**
 * @param {Lang} lang
 * @param {string} name
 * @param {Record<string, string|number>} [values] for `{name}`
 */
export function word(lang, name, values = {}) {
  const text = WORDS[name]?.[LANGS.indexOf(lang)] ?? name;
  return text.replace(/\{(\w+)\}/g, (_, key) => String(values[key] ?? ''));
}

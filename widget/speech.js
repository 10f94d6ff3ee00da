/** Reading aloud and listening, where the browser can. */
import { tongue } from './strings.js';

const RATE = { usual: 1, slow: 0.75 }; // of the voice's own speed
const PIECE = /[^。！？；\n]+[。！？；\n]?/g; // Chromium falls silent after some 15 s of one utterance

export function canSpeak() {
  return 'speechSynthesis' in window && typeof SpeechSynthesisUtterance === 'function';
}

/**
 * Read a text aloud in Mandarin or English; whatever was being read stops.
 * @param {string} text
 * @param {boolean} slow
 * @param {() => void} done called once, at the end or when stopped
 */
export function speak(text, slow, done) {
  speechSynthesis.cancel();
  const pieces = text.match(PIECE) ?? [text];
  const voices = speechSynthesis.getVoices();
  let finished = false;
  const finish = () => {
    if (!finished) done();
    finished = true;
  };
  pieces.forEach((piece, number) => {
    const utterance = new SpeechSynthesisUtterance(piece);
    const english = tongue(piece) === 'en';
    const voice = voices.find((each) => (english ? /^en/i : /^zh[-_](CN|Hans)|cmn/i).test(each.lang));
    utterance.lang = english ? 'en' : 'zh-CN';
    utterance.rate = slow ? RATE.slow : RATE.usual;
    if (voice) utterance.voice = voice;
    utterance.addEventListener('error', finish);
    if (number === pieces.length - 1) utterance.addEventListener('end', finish);
    speechSynthesis.speak(utterance);
  });
}

/** Stop reading. */
export function hush() {
  if (canSpeak()) speechSynthesis.cancel();
}

/**
 * The browser's speech recognition, or null.
 * @param {{words: (text: string) => void, end: (failed: boolean) => void}} heard
 * @returns {{start: () => void, stop: () => void}|null}
 */
export function listener(heard) {
  const global = /** @type {any} */ (window);
  const Recognition = global.SpeechRecognition ?? global.webkitSpeechRecognition;
  if (!Recognition) return null;
  const recognition = new Recognition();
  let failed = false;
  recognition.lang = 'zh-CN';
  recognition.interimResults = true;
  recognition.addEventListener('result', (/** @type {any} */ event) => {
    heard.words([...event.results].map((result) => result[0].transcript).join(''));
  });
  recognition.addEventListener('error', () => {
    failed = true;
  });
  recognition.addEventListener('end', () => heard.end(failed));
  return {
    start: () => {
      failed = false;
      recognition.start();
    },
    stop: () => recognition.stop(),
  };
}

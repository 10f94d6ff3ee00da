"""A sentence of the bot's own in each language that it answers in, and answers that are such a sentence and no more."""

from __future__ import annotations

from calendar import month_name
from dataclasses import dataclass
from datetime import date

from knowledge.language.languages import ENGLISH
from knowledge.reply.answer import Answer, Outcome


@dataclass(frozen=True)
class BotSentence:
    """One sentence, Chinese and English, with the same `{fields}`. What it quotes of the plan stays Chinese in both."""

    zh: str
    en: str

    def of(self, language: str, **fields: object) -> str:
        """It in a language, its fields filled in; what is quoted and holds quotation marks itself stands in 「」."""
        template = self.en if language == ENGLISH else self.zh
        for name, value in fields.items():
            if any(mark in str(value) for mark in "“”"):
                template = template.replace(f"“{{{name}}}”", f"「{{{name}}}」")
        return template.format(**fields)


def said(sentence: BotSentence, outcome: Outcome, language: str, **fields: object) -> Answer:
    """An answer that is one sentence."""
    text = sentence.of(language, **fields)
    return Answer(text, outcome, text, language=language)


def day_words(day: date, language: str) -> str:
    """A day as it is said: 「12月7日」, “7 December”."""
    return f"{day.day} {month_name[day.month]}" if language == ENGLISH else f"{day.month}月{day.day}日"

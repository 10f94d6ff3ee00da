"""What residents might say: questions derived from the project's own examples, in many spellings, as conversations."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

from knowledge.catalogue.entries import load_catalogue
from knowledge.catalogue.training_data import grouped_questions, nlu_examples
from knowledge.groundwork import settings
from knowledge.groundwork.curated_yaml import load_mapping

NLU = Path("data/nlu")
# Shares of the first questions of a conversation, roughly those of `knowledge/reply/decide.py`: about a third is not in the plan.
KINDS: Mapping[str, float] = {
    "sample": 0.52,
    "silent": 0.24,
    "outside": 0.08,
    "chat": 0.05,
    "person": 0.05,
    "broad": 0.06,
}
SPELLINGS: Mapping[str, float] = {
    "as_is": 0.5,
    "wrapped": 0.2,
    "typo": 0.1,
    "traditional": 0.07,
    "dialect": 0.08,
    "pinyin": 0.05,
}
OPENINGS = ("请问", "你好，", "我想问一下，", "麻烦问下", "不好意思，", "那个，", "帮我查查，", "老师您好，")
ENDINGS = ("？", "，谢谢", "啊", "呀？", "，急", "呢？", "。")
FOLLOW_UPS = (
    "还有呢",
    "什么时候",
    "有多少",
    "出处在哪",
    "原来有多少",
    "我们街道也有吗",
    "那公租房呢",
    "那托育呢",
    "具体在哪一页",
    "那别的镇呢",
)
RETRIES = ("我是说{}", "{}，到底有没有", "规划里{}怎么写的", "{}以后会有吗")
PERSONAL = ("我叫陈小明，电话13812345678，", "我住在盈浦街道公园路100弄5号302室，", "身份证310118196001011234，")
FOLLOW_SHARE, RETRY_SHARE, PERSONAL_SHARE = 0.35, 0.15, 0.02


@dataclass(frozen=True)
class Material:
    """What questions are made of."""

    sample: Sequence[str]
    silent: Sequence[str]
    outside: Sequence[str]
    chat: Sequence[str]
    person: Sequence[str]
    broad: Sequence[str]
    dialect: Mapping[str, str]

    @classmethod
    def load(cls) -> Material:
        """From the catalogue, the training questions and the NLU examples."""
        entries = load_catalogue(settings.CATALOGUE)
        examples = nlu_examples(NLU)
        labelled = {e.label for e in examples}

        def of(*intents: str) -> list[str]:
            assert set(intents) <= labelled, intents
            return [e.text for e in examples if e.label in intents]

        words, _ = load_mapping(settings.DIALECT)
        return cls(
            sample=[question for entry in entries for question in entry.questions],
            silent=[q.text for q in grouped_questions(settings.TRAINING / "not_in_plan.yml")],
            outside=of("out_of_scope"),
            chat=of("greet", "thanks", "help", "identity"),
            person=of("handoff", "complaint"),
            broad=[term for entry in entries for term in entry.terms],
            dialect={plain: said for said, plain in words["words"].items() if len(plain) > 1},
        )


def conversations(material: Material, turns: int, seed: int) -> Iterator[list[str]]:
    """Conversations of one to five turns, `turns` in all. The same seed gives the same conversations."""
    chance = random.Random(seed)
    respell = Speller(material.dialect, chance)
    left = turns
    while left > 0:
        kind = _choose(KINDS, chance)
        first = chance.choice(getattr(material, kind))
        said = [respell(first) if kind in ("sample", "silent") else first]
        while chance.random() < FOLLOW_SHARE and len(said) < 5:
            said.append(chance.choice(FOLLOW_UPS) if kind == "sample" else chance.choice(material.sample))
        if kind in ("silent", "broad") and chance.random() < RETRY_SHARE:
            said.insert(1, chance.choice(RETRIES).format(first.rstrip("？?吗")))
        if chance.random() < PERSONAL_SHARE:
            said[0] = chance.choice(PERSONAL) + said[0]
        yield said[:left]
        left -= len(said)


class Speller:
    """Writes a question as one of many residents might."""

    def __init__(self, dialect: Mapping[str, str], chance: random.Random) -> None:
        self._dialect = dialect
        self._chance = chance
        self._traditional = OpenCC("s2t")
        self._ways: Mapping[str, Callable[[str], str]] = {
            "as_is": lambda text: text,
            "wrapped": self._wrap,
            "typo": self._mistype,
            "traditional": self._traditional.convert,
            "dialect": self._in_dialect,
            "pinyin": lambda text: " ".join(lazy_pinyin(text, style=Style.NORMAL)),
        }

    def __call__(self, text: str) -> str:
        """The question in one of `SPELLINGS`."""
        return self._ways[_choose(SPELLINGS, self._chance)](text)

    def _wrap(self, text: str) -> str:
        return self._chance.choice(OPENINGS) + text.rstrip("？?。") + self._chance.choice(ENDINGS)

    def _mistype(self, text: str) -> str:
        """Two neighbouring characters change places, or one is lost."""
        if len(text) < 4:
            return text
        at = self._chance.randrange(len(text) - 2)
        if self._chance.random() < 0.5:
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        return text[:at] + text[at + 1 :]

    def _in_dialect(self, text: str) -> str:
        for plain, said in self._dialect.items():
            text = text.replace(plain, said)
        return text + "伐" if not text.endswith(("？", "?")) else text


def _choose(shares: Mapping[str, float], chance: random.Random) -> str:
    return chance.choices(list(shares), weights=list(shares.values()))[0]

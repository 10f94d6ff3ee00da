"""The written messages of danger, and those that only sound like it: to fit on (`messages/fitting`), and to judge.

Of `held_back` the totals were looked at while things were settled, `final` was measured when they were. `second_final` is a
random fifth of messages that came later, by writers who knew nothing of the project; the others of theirs are fitted on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from danger.errors import DangerError
from danger.replies import shipped
from knowledge.catalogue.entries import load_catalogue
from knowledge.catalogue.training_data import GROUPED, grouped_questions, nlu_examples
from knowledge.groundwork import settings
from knowledge.groundwork.curated_yaml import load_mapping

FOLDER = Path(__file__).with_name("messages")
FITTING, HELD_BACK = FOLDER / "fitting", FOLDER / "held_back"
FINAL, SECOND_FINAL = FOLDER / "final", FOLDER / "second_final"
NLU = settings.ROOT.parent / "data" / "nlu"
DIALOGUES = settings.ROOT.parent / "data" / "dialogues"
TALK = ("dialogue", "elsewhere")  # NLU's files of what is no question to the plan
ACUTE, DOUBTFUL, CALM = "acute", "doubtful", "calm"
LEVELS = (ACUTE, DOUBTFUL, CALM)


@dataclass(frozen=True)
class LabelledMessage:
    """A message, one of `LEVELS`, its kinds (likeliest first, none if calm), and who could have written it."""

    text: str
    level: str
    kinds: tuple[str, ...] = ()
    voice: str = ""


def load_messages(folder: Path) -> list[LabelledMessage]:
    """Every message of a folder's files, in the order of their names. Raises `DangerError` naming file and text."""
    found: list[LabelledMessage] = []
    for path in sorted(folder.glob("*.yml")):
        data, _ = load_mapping(path)
        level = str(data.get("level"))
        if level not in LEVELS:
            raise DangerError(f"{path.name}: level 是 {level!r} — 写 {'、'.join(LEVELS)} 之一")
        for item in data["messages"]:
            kinds = tuple(str(kind) for kind in item.get("kinds") or ())
            unknown = [kind for kind in kinds if kind not in shipped().kinds]
            if unknown or (level == CALM) == bool(kinds):
                raise DangerError(
                    f"{path.name}: “{item['text']}”的 kinds 是 {list(kinds)} — 对照 replies.yml 里的 kinds"
                )
            found.append(LabelledMessage(str(item["text"]), level, kinds, str(item.get("voice") or "")))
    return found


def everyday_questions() -> list[str]:
    """Every question that the project was written for, once, in a fixed order: what must raise no alarm."""
    texts = [question for entry in load_catalogue(settings.CATALOGUE) for question in entry.questions]
    texts += [each.text for name in GROUPED for each in grouped_questions(settings.TRAINING / name)]
    texts += [each.text for each in nlu_examples(NLU)]
    return list(dict.fromkeys(texts))


def everyday_talk() -> dict[str, list[str]]:
    """What people said who knew neither danger's messages nor its rules, by where it stands: as calm as questions are, and
    farther from them. A text is in one place only.

    A fit leaves whole places out to see how it takes what is unfamiliar.
    """
    talk = {name: [each.text for each in nlu_examples(NLU) if Path(each.file).stem == name] for name in TALK}
    talk["voices"] = [voice for entry in load_catalogue(settings.CATALOGUE) for voice in entry.voices]
    for path in sorted(DIALOGUES.glob("*.yml")):
        data, _ = load_mapping(path)
        talk[path.stem] = [str(turn["say"]) for dialogue in data["dialogues"] for turn in dialogue["turns"]]
    first = {text: name for name in reversed(talk) for text in talk[name]}
    return {name: [text for text in dict.fromkeys(texts) if first[text] == name] for name, texts in talk.items()}


def texts_of(messages: Sequence[LabelledMessage], level: str) -> list[LabelledMessage]:
    """Those of one level."""
    return [message for message in messages if message.level == level]

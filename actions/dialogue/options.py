"""What a turn may be understood as, and what speaks for each: the readings that `choosing.py` chooses among.

Readings that come to the same reply are one option, with the evidence of all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from actions.dialogue import acts
from actions.dialogue.leaning import LEANS, Leaning
from actions.dialogue.nearness import under_one_heading
from actions.dialogue.odds import MAX_ODDS, log_odds
from actions.dialogue.pointing import EVERYWHERE
from actions.dialogue.reply import Reply
from knowledge.catalogue.commitments import Commitment
from knowledge.language.five_years import NAMES
from knowledge.reply.answer import Outcome
from knowledge.reply.judging import REFUSALS
from knowledge.search.signals import search_text

_DATE = re.compile(rf"20\d\d\s*年|“(?:{NAMES})”期间")
QUESTION = "question"  # the reading of a turn as a question of its own
_SAID_AGAIN = ("repeated", "source")
PLACE_CHARS, ASKING_CHARS = 8, 6  # of words that name a place and nothing else, that ask and name nothing


@dataclass(frozen=True)
class Reading:
    """One way to understand a turn: the step that does and the reply that it leads to."""

    name: str
    reply: Reply


@dataclass(frozen=True)
class Option:
    """A reply, the readings that lead to it, and what speaks for it: feature → value.

    `risky` is a passage after another answer, which may be taken for what it is not.
    """

    readings: tuple[Reading, ...]
    features: Mapping[str, float]
    risky: bool = False

    @property
    def name(self) -> str:
        """The reading that is recorded."""
        return self.readings[0].name

    @property
    def reply(self) -> Reply:
        """What is replied."""
        return self.readings[0].reply


def options_of(leaning: Leaning, readings: Iterable[Reading]) -> list[Option]:
    """One option for each thing that may be replied, in the order of the readings."""
    groups: dict[str, list[Reading]] = {}
    for reading in readings:
        if not _says_nothing_of_it(leaning, reading.reply):
            groups.setdefault(_key(reading), []).append(reading)
    turn = _turn_features(leaning)
    return [Option(tuple(g), _features(leaning, turn, g), _is_risky(leaning, g[0].reply)) for g in groups.values()]


def _is_risky(leaning: Leaning, reply: Reply) -> bool:
    return leaning.has_subject and reply.answer.outcome is Outcome.ANSWERED


def _says_nothing_of_it(leaning: Leaning, reply: Reply) -> bool:
    """Whether a reply shows the last passage once more to somebody who asks nothing but for what is not in it."""
    if reply.answer.outcome is not Outcome.ANSWERED or not leaning.has_subject:
        return False
    subject = leaning.subject
    if reply.answer.citations[0].commitment_id != subject.id:
        return False
    if leaning.names_a_place and len(leaning.next_name) <= PLACE_CHARS:
        return not _covers(leaning, subject)
    asked = _asked_of(leaning, subject)
    return len(leaning.named) <= ASKING_CHARS and bool(
        asked["date asked and missing"] or asked["number asked and missing"]
    )


def _key(reading: Reading) -> str:
    """What two readings share that say the same: a passage; what repeats one, or only says where it stands, says that too."""
    answer = reading.reply.answer
    if answer.outcome is Outcome.ANSWERED:
        said = answer.citations[0].commitment_id
        return f"{reading.name} {said}" if reading.name in _SAID_AGAIN else said
    if answer.outcome in REFUSALS:
        return "refused" if reading.name == QUESTION else "refused of the subject"
    return f"{answer.outcome.value} {answer.headline}"


def _turn_features(leaning: Leaning) -> dict[str, float]:
    said = leaning.acts
    finding = leaning.finding
    asking = leaning.asking
    kinds = leaning.utterance.intents
    return {
        "asking": log_odds(asking),
        "leaning": log_odds(said.get(acts.LEANING, 0.0) / max(asking, 1e-6)),
        "correcting": log_odds(said.get(acts.CORRECTION, 0.0)),
        "returning": log_odds(said.get(acts.RETURN, 0.0)),
        "returning, nothing asked": 0.0 if leaning.ends_asking else said.get(acts.RETURN, 0.0),
        **{act: log_odds(said.get(act, 0.0)) for act in (acts.TELL, acts.DENIAL, acts.SOURCE, acts.MORE, acts.REPEAT)},
        "chatting": log_odds(sum(said.get(act, 0.0) for act in acts.SMALL_TALK)),
        "requesting": log_odds(said.get(acts.PERSON, 0.0) + said.get(acts.COMPLAINT, 0.0)),
        "off_topic": log_odds(said.get(acts.OFF_TOPIC, 0.0)),
        "nlu_chat": sum(kinds.get(kind, 0.0) for kind in acts.SMALL_TALK.values()),
        "nlu_request": kinds.get("handoff", 0.0) + kinds.get("complaint", 0.0),
        "nlu_source": kinds.get("ask_source", 0.0),
        "nlu_more": kinds.get("ask_more", 0.0),
        "nlu_leaning": sum(kinds.get(kind, 0.0) for kind in ("follow_up", "ask_when", "ask_how_many")),
        "answerable": log_odds(finding.answerable),
        "silent": log_odds(finding.odds.silent),
        "outside": log_odds(finding.odds.outside),
        "named": float(len(leaning.named) >= 2),
        "long": min(len(leaning.named), 20) / 10,
        "points": float(leaning.points_back),
        "subject": float(leaning.has_subject),
        "told": float(bool(leaning.before.told)),
        "ends asking": float(leaning.ends_asking),
        "asks anywhere": float(leaning.asks_anywhere),
        **_in_context(leaning),
    }


def _in_context(leaning: Leaning) -> dict[str, float]:
    """What is found for the question before and the turn in one: whether the plan answers that, and whether it is silent."""
    if not leaning.has_subject:
        return dict.fromkeys(_WITH_IT, 0.0)
    found = leaning.with_question if leaning.before.question else leaning.finding
    return {
        "answerable in full": log_odds(leaning.in_full.answerable),
        "silent in full": log_odds(leaning.in_full.odds.silent),
        "answerable with it": log_odds(found.answerable),
        "silent with it": log_odds(found.odds.silent),
        "names what no plan says": float(bool(found.aspect)),
    }


_WITH_IT = (
    "answerable with it",
    "silent with it",
    "answerable in full",
    "silent in full",
    "names what no plan says",
)

# For each thing that may be replied, which features of the turn speak for it or against it.
_SPEAKING: Mapping[str, tuple[str, ...]] = {
    "heard": (
        "tell",
        "asking",
        "answerable",
        "outside",
        "silent",
        "off_topic",
        "requesting",
        "leaning",
        "correcting",
        "long",
        "told",
        "subject",
        "ends asking",
        "asks anywhere",
    ),
    "small_talk": ("chatting", "nlu_chat", "asking", "answerable", "tell", "ends asking", "asks anywhere"),
    "request": (
        *("requesting", "nlu_request", "asking", "answerable", "tell", "outside", "off_topic", "subject", "long"),
        *("ends asking", "asks anywhere"),
    ),
    "denied": ("denial", "correcting", "answerable"),
    "repeated": ("repeat", "nlu_leaning"),
    "source": ("source", "nlu_source"),
    "more": ("more", "nlu_more"),
    "question": (
        "leaning",
        "nlu_leaning",
        "points",
        "correcting",
        "returning",
        "named",
        "long",
        "told",
        "subject",
        "outside",
    ),
    "corrected": ("correcting", "denial", "asking"),
    "corrected_of_subject": ("correcting", "denial", "leaning"),
    "with_story": ("leaning", "tell", "named"),
    "with_question": ("leaning", "points", "named"),
    "in_full": ("leaning", "points", "named", "correcting", "returning"),
    "likeliest_in_context": ("leaning", "points", "named"),
    "second_in_context": ("leaning",),
    "third_in_context": ("leaning",),
    "returned": ("returning", "returning, nothing asked", "long", "leaning"),
    "returned_with": ("returning", "returning, nothing asked", "long", "leaning"),
    "same_passage": ("leaning", "nlu_leaning", "named", "long", "answerable", "silent"),
    "at_a_place": ("leaning",),
    "not_in_passage": ("leaning", "silent", "named"),
    "refused": (
        *("answerable", "silent", "outside", "leaning", "off_topic", "asking", "subject"),
        *("returning", "returning, nothing asked", *_WITH_IT),
    ),
}


def _features(leaning: Leaning, turn: Mapping[str, float], group: Sequence[Reading]) -> dict[str, float]:
    found: dict[str, float] = {}
    for reading in group:
        found[f"is {reading.name}"] = 1.0
        for name in _SPEAKING.get(reading.name, ()):
            found[f"{reading.name}: {name}"] = turn[name]
        _add_odds(found, reading)
        if reading.reply.step in ("several", "listed", "broad"):
            found[f"is {reading.reply.step}"] = 1.0
    reply = group[0].reply
    if reply.answer.outcome is Outcome.ANSWERED:
        shown = leaning.services.search.by_id[reply.answer.citations[0].commitment_id]
        found |= _of_passage(leaning, turn, shown)
    elif reply.answer.outcome in REFUSALS:
        refused = _key(group[0])
        found |= {f"{refused}: {name}": turn[name] for name in _SPEAKING["refused"]}
        if leaning.has_subject:
            found |= {f"{refused}: {name}": value for name, value in _asked_of(leaning, leaning.subject).items()}
    return found


def _add_odds(found: dict[str, float], reading: Reading) -> None:
    """How sure the search was of a passage, or of silence, by each way of asking: each its own, and the most of all."""
    finding = reading.reply.finding
    if finding is None or not finding.candidates:
        return
    if reading.reply.answer.outcome is Outcome.ANSWERED:
        sure, share = log_odds(finding.answerable), finding.candidates[0].probability
        found[f"{reading.name}: sure"] = sure
        found["sure"] = max(sure, found.get("sure", -MAX_ODDS))
        found["share"] = max(share, found.get("share", 0.0))
    elif reading.reply.answer.outcome in REFUSALS:
        found[f"{reading.name}: silence"] = log_odds(finding.silence)


def _of_passage(leaning: Leaning, turn: Mapping[str, float], shown: Commitment) -> dict[str, float]:
    names, text = leaning.next_name, search_text(shown)
    search, vector = leaning.services.search, leaning.vector
    found = {
        "shown": 1.0,
        "shown: likeness": search.likeness(vector, shown),
        "shown: silent with it": turn["silent with it"],
        "shown: asking": turn["asking"],
        "shown: tell": turn["tell"],
        "shown: off_topic": turn["off_topic"],
        "shown: likely alone": leaning.likely_alone(shown.quote),
        **_of_passage_in_full(leaning, shown),
        "shown: words in it": _shared(names, text + shown.quote),
        **{f"shown: {name}": value for name, value in _asked_of(leaning, shown).items()},
        "shown: denied": float(shown.id in leaning.before.denied),
    }
    if leaning.has_subject:
        subject = leaning.subject
        same, near = shown.quote == subject.quote, under_one_heading(shown, subject)
        found |= {
            "shown: the same": float(same),
            "shown: the same, correcting": turn["correcting"] if same else 0.0,
            "shown: the same, denial": turn["denial"] if same else 0.0,
            "shown: the same, named": turn["named"] if same else 0.0,
            "shown: the same, leaning": turn["leaning"] if same else 0.0,
            "shown: the same, silent with it": turn["silent with it"] if same else 0.0,
            "shown: the same, answerable with it": turn["answerable with it"] if same else 0.0,
            "shown: the same, names what no plan says": turn["names what no plan says"] if same else 0.0,
            "shown: more alike than the last": search.likeness(vector, shown) - search.likeness(vector, subject),
            "shown: same topic": float(shown.topic == subject.topic),
            "shown: same topic, leaning": turn["leaning"] * (shown.topic == subject.topic),
            "shown: same heading": float(near),
            "shown: same heading, leaning": turn["leaning"] * near,
        }
    return found


def _of_passage_in_full(leaning: Leaning, shown: Commitment) -> dict[str, float]:
    """How likely and how near it is to the question in full, if there is anything to lean on."""
    if not leaning.has_subject:
        return {}
    likely = leaning.likely_in_full(shown.quote)
    return {"shown: likely in full": likely, "shown: likely in full, leaning": likely * _share_of_leaning(leaning)}


def _share_of_leaning(leaning: Leaning) -> float:
    """The probability that it leans, if it asks."""
    return sum(leaning.acts.get(act, 0.0) for act in LEANS) / max(leaning.asking, 1e-6)


def _asked_of(leaning: Leaning, passage: Commitment) -> dict[str, float]:
    """What is asked for and whether a passage has it."""
    asks = leaning.asks
    wanted = {
        "date": ("when" in asks, bool(_DATE.search(passage.quote))),
        "number": ("how_many" in asks, bool(passage.figures)),
        "place": (leaning.names_a_place, _covers(leaning, passage)),
        "past": (leaning.asks_of_then, passage.kind == "baseline"),
    }
    found = {}
    for name, (asked, there) in wanted.items():
        found[f"{name} asked and there"] = float(asked and there)
        found[f"{name} asked and missing"] = float(asked and not there)
    return found


def _covers(leaning: Leaning, passage: Commitment) -> bool:
    """Whether a passage speaks of the place that is named, or of all streets and towns."""
    places = leaning.finding.question.places
    text = passage.quote.replace(" ", "")
    if any(short in text for place in places for short in (place, *leaning.services.places.get(place, ()))):
        return True
    return any(word in text for word in EVERYWHERE)


def _shared(words: str, text: str) -> float:
    """The share of pairs of characters that stand in a text, 0–1."""
    pairs = {words[at : at + 2] for at in range(len(words) - 1)}
    return sum(pair in text for pair in pairs) / len(pairs) if pairs else 0.0

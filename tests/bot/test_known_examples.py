"""The component after the classifier, trained, kept in a model's storage and loaded again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.known_examples import KnownExamples
from bot.nlu.question_tokenizer import UNDERSTOOD


def asked(text: str, **ranking: float) -> Message:
    """A message as the classifier leaves it; what is understood is the text without its question mark."""
    ranked = [{"name": name, "confidence": share} for name, share in ranking.items()]
    data: dict[str, Any] = {"text": text, UNDERSTOOD: {"text": text.rstrip("？"), "guesses": []}}
    return Message({**data, "intent": ranked[0], "intent_ranking": ranked})


def test_what_was_trained_is_believed_after_loading(tmp_path: Path) -> None:
    """Known words win and the ranking stays a distribution; anything else passes unchanged."""
    storage, resource = LocalModelStorage(tmp_path), Resource("known")
    examples = [
        Message.build(text="租房太贵了", intent="complaint"),
        Message.build(text="租房太贵了", intent="ask_housing"),
    ]
    component = KnownExamples.create({}, storage, resource, None)  # type: ignore[arg-type]
    component.train(TrainingData(examples))
    loaded = KnownExamples.load({}, storage, resource, None)  # type: ignore[arg-type]
    known = asked("租房太贵了？", ask_housing=0.6, complaint=0.3, greet=0.1)
    other = asked("别的问题", ask_housing=0.6, complaint=0.3, greet=0.1)
    loaded.process([known, other])
    shares = [(each["name"], each["confidence"]) for each in known.get("intent_ranking")]
    assert [name for name, _ in shares] == ["complaint", "ask_housing", "greet"]
    assert known.get("intent") == known.get("intent_ranking")[0] and shares[0][1] == 0.99
    assert sum(share for _, share in shares) == pytest.approx(1.0)
    assert other.get("intent")["name"] == "ask_housing" and other.get("intent_ranking")[0]["confidence"] == 0.6

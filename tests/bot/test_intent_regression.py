"""The classifier of intents, trained, kept in a model's storage and loaded again."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import coo_matrix

from bot.nlu.intent_regression import IntentRegression
from knowledge.groundwork.errors import FileUnreadable
from knowledge.groundwork.kept_files import read_arrays, write_arrays
from knowledge.search.kept_nlu import FORMAT

CHANCE = np.random.default_rng(4)
INTENTS = ("ask_housing", "ask_school", "greet")
CONTEXT: Any = SimpleNamespace(node_name="regression")


def message(at: int) -> Message:
    """A message as the featurizers leave it."""
    found = Message.build(text=f"问题{at}", intent=INTENTS[at % len(INTENTS)])
    counts, vector = CHANCE.integers(0, 2, (1, 9)), CHANCE.normal(size=(1, 16)) + at % len(INTENTS)
    found.add_features(Features(coo_matrix(counts), "sentence", "text", "counts"))
    found.add_features(Features(vector, "sentence", "text", "vectors"))
    return found


@pytest.fixture
def trained(tmp_path: Path) -> tuple[IntentRegression, LocalModelStorage, Resource]:
    """A classifier after its training, and where it is kept."""
    storage, resource = LocalModelStorage(tmp_path), Resource("regression")
    component = IntentRegression.create({"ranking_length": 0}, storage, resource, CONTEXT)
    component.train(TrainingData([message(at) for at in range(30)]))
    return component, storage, resource  # type: ignore[return-value]


def test_what_was_trained_predicts_the_same_after_loading(
    trained: tuple[IntentRegression, LocalModelStorage, Resource], tmp_path: Path
) -> None:
    """To the last bit, from a file of numbers and names."""
    component, storage, resource = trained
    loaded = IntentRegression.load({"ranking_length": 0}, storage, resource, CONTEXT)
    for at in range(6):
        before, after = message(at), message(at)
        after.features = before.features
        component.process([before])
        loaded.process([after])
        assert after.get("intent_ranking") == before.get("intent_ranking")
        assert len(after.get("intent_ranking")) == len(INTENTS)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["regression.npz"]


def test_another_format_is_not_guessed_at(trained: tuple[IntentRegression, LocalModelStorage, Resource]) -> None:
    """Rasa's own classifier would go on untrained; this one says which file it cannot read."""
    _, storage, resource = trained
    with storage.write_to(resource) as folder:
        path = folder / "regression.npz"
        write_arrays(path, FORMAT + 1, read_arrays(path, FORMAT))
    with pytest.raises(FileUnreadable, match=r"regression\.npz: 格式是"):
        IntentRegression.load({}, storage, resource, CONTEXT)


def test_one_row_is_read_as_rasa_reads_it(trained: tuple[IntentRegression, LocalModelStorage, Resource]) -> None:
    """Names, probabilities to the last bit and their order; also where only the first few are wanted."""
    component = trained[0]
    for length in (0, 2):
        component.config["ranking_length"] = length
        ours, rasas = [message(at) for at in range(8)], [message(at) for at in range(8)]
        for one, other in zip(ours, rasas):
            other.features = one.features
        component.process(ours)
        LogisticRegressionClassifier.process(component, rasas)
        for one, other in zip(ours, rasas):
            assert one.get("intent_ranking") == other.get("intent_ranking")
            assert one.get("intent") == other.get("intent")

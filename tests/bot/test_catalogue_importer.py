"""NLU's training data holds the catalogue's questions, each under its topic."""

from __future__ import annotations

import pytest
from rasa.shared.importers.importer import TrainingDataImporter

from knowledge.catalogue.entries import load_catalogue
from knowledge.catalogue.training_data import INTENT_OF_TOPIC, grouped_questions, nlu_examples
from knowledge.groundwork import settings


@pytest.mark.slow  # Rasa reads all examples: 14 s
def test_nlu_learns_files_and_catalogue() -> None:
    """Every question of the files, of the catalogue and of the training files is an example, under its topic's intent."""
    importer = TrainingDataImporter.load_from_config("config.yml", "domain.yml", ["data"])
    examples = {e.get("text"): e.get("intent") for e in importer.get_nlu_data().intent_examples}
    for entry in load_catalogue(settings.CATALOGUE):
        assert all(examples[question] in INTENT_OF_TOPIC.values() for question in entry.questions)
        assert examples[entry.questions[0]] == INTENT_OF_TOPIC[entry.topic]
    silent = grouped_questions(settings.TRAINING / "not_in_plan.yml")
    assert {q.text for q in silent} <= examples.keys()
    assert {e.text for e in nlu_examples(settings.ROOT.parent / "data" / "nlu")} <= examples.keys()

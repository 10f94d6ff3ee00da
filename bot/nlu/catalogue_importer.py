"""NLU's training data: the files under `data/`, and what the catalogue and `knowledge/training` say of topics.

Their questions stand in one place only; each becomes an example of its topic's intent (docs/decisions/0014).
"""

from __future__ import annotations

import warnings

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from knowledge import settings
from knowledge.build import Sources, parse
from knowledge.training_data import topic_examples


class CatalogueImporter(RasaFileImporter):
    """Rasa's own importer, with the catalogue's questions and the linked ones beside the files. Named in `config.yml`."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """All examples. Raises `CatalogueError` as the build does."""
        # `max_iter` in config.yml stops the classifier early on purpose; Rasa sets its own filters before this.
        warnings.filterwarnings("ignore", message="lbfgs failed to converge")
        _, _, commitments = parse(Sources())
        questions = [(question, c.topic) for c in commitments for question in c.questions]
        examples = topic_examples(questions, settings.TRAINING)
        more = TrainingData([Message.build(text=e.text, intent=e.label) for e in examples])
        return super().get_nlu_data(language).merge(more)

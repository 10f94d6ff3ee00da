"""NLU's training data: the files under `data/`, and what the catalogue and `knowledge/sources/training` say of topics.

Their questions stand in one place only; each becomes an example of its topic's intent (docs/decisions/0014).
"""

from __future__ import annotations

import warnings
from functools import lru_cache
from pathlib import Path

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from knowledge.building.parsed import parse
from knowledge.building.sources import Sources
from knowledge.catalogue.training_data import LabelledQuestion, topic_examples
from knowledge.groundwork import settings


class CatalogueImporter(RasaFileImporter):
    """Rasa's own importer, with the catalogue's questions and the linked ones beside the files. Named in `config.yml`."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """All examples. Raises `CatalogueError` as the build does."""
        # `max_iter` in config.yml stops the classifier early on purpose; Rasa sets its own filters before this.
        warnings.filterwarnings("ignore", message="lbfgs failed to converge")
        files = tuple((path, path.stat().st_mtime_ns) for path in Sources().files() if path.suffix == ".yml")
        more = [Message.build(text=e.text, intent=e.label) for e in _examples(files)]
        own = super().get_nlu_data(language)
        examples = [*own.training_examples, *more]  # as `merge` puts them, which would copy each of them first
        return TrainingData(examples, own.entity_synonyms, own.regex_features, own.lookup_tables, own.responses)


@lru_cache(maxsize=1)
def _examples(files: tuple[tuple[Path, int], ...]) -> list[LabelledQuestion]:
    """Read once as long as no file changes: Rasa asks five times in a training, and reading takes 3 s each time."""
    commitments = parse(Sources()).commitments
    return topic_examples([(q, c.topic) for c in commitments for q in c.questions], settings.TRAINING)

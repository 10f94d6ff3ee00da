"""`python -m bot.model_training FILE`: trains the Rasa model of this project, as `rasa train --force` would.

The same graph with the same result. What is left out is what nobody uses: `rasa train` reads all data once more to look
for faults (a test runs `rasa data validate`, and the build of the knowledge has checked every example before), and takes
the fingerprint of every example after every step, for a cache that a later training could start from, and wherever
examples are put together, to tell equal ones; ours begins anew, and compares what they say (docs/performance.md).
"""

from __future__ import annotations

import argparse
import copy
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rasa.engine.constants import PLACEHOLDER_IMPORTER
from rasa.engine.graph import ExecutionContext, GraphModelConfiguration
from rasa.engine.recipes.recipe import Recipe
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.validation import validate
from rasa.shared.data import TrainingType
from rasa.shared.importers.importer import E2EImporter, TrainingDataImporter
from rasa.shared.nlu.constants import (
    ACTION_NAME,
    ACTION_TEXT,
    ENTITIES,
    INTENT,
    INTENT_RESPONSE_KEY,
    METADATA,
    RESPONSE,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

# What data files, stories and the domain say of an example; what components add while training follows from it.
SAID = (TEXT, INTENT, INTENT_RESPONSE_KEY, RESPONSE, ACTION_NAME, ACTION_TEXT, ENTITIES, METADATA)
CONFIG, DOMAIN, DATA = "config.yml", "domain.yml", "data"
_COPYING, _BY_FINGERPRINT = TrainingData.merge, TrainingData.sanitize_examples


def train(model: Path) -> None:
    """Train on the files of the current folder; `model` is whole or not there. Raises what Rasa raises."""
    importer = ReadOnce.load_from_config(CONFIG, DOMAIN, [DATA])
    configuration = _graph_of(importer)
    model.parent.mkdir(parents=True, exist_ok=True)
    with putting_together_quickly(), tempfile.TemporaryDirectory(dir=model.parent) as folder:
        domain = copy.deepcopy(importer.get_domain())  # as Rasa: whatever the graph does to its own
        storage = LocalModelStorage(Path(folder))
        context = ExecutionContext(graph_schema=configuration.train_schema)
        DaskGraphRunner.create(configuration.train_schema, storage, context).run({PLACEHOLDER_IMPORTER: importer})
        storage.create_model_package(model, configuration, domain)


class ReadOnce(E2EImporter):
    """Rasa's importer, which puts the examples together once: its graph asks for them with and without the language."""

    @classmethod
    def load_from_config(cls, config: str, domain: str, data: list[str]) -> ReadOnce:
        """What `rasa train` reads with: our importer, under those that every project has."""
        usual = TrainingDataImporter.load_from_config(config, domain, data)
        if not isinstance(usual, E2EImporter):
            raise TypeError(f"Rasa reads with {type(usual).__name__}")
        return cls(usual.importer)

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """All examples; which language they are in changes nothing in how files are read."""
        return super().get_nlu_data()


@contextmanager
def putting_together_quickly() -> Iterator[None]:
    """Let data be merged as it is: each of Rasa's importers copies all examples of the one below, and nobody reads those.

    Equal examples are told by what they say, not by a hash of all that is known of them.
    """
    TrainingData.merge, TrainingData.sanitize_examples = merged, staticmethod(sanitised)
    try:
        yield
    finally:
        TrainingData.merge, TrainingData.sanitize_examples = _COPYING, staticmethod(_BY_FINGERPRINT)


def sanitised(examples: list[Message]) -> list[Message]:
    """`TrainingData.sanitize_examples`: annotations without blanks at their ends, each example once."""
    for example in examples:
        for annotation in (INTENT, RESPONSE):
            if example.get(annotation):
                example.set(annotation, example.get(annotation).strip())
    found: dict[tuple[object, ...], Message] = {}
    for example in examples:
        found.setdefault(tuple(_plain(example.get(part)) for part in SAID), example)
    return list(found.values())


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, str) else repr(value)


def merged(first: TrainingData, *others: TrainingData | None) -> TrainingData:
    """`TrainingData.merge` with the very examples of all, not copies."""
    bare = TrainingData(None, first.entity_synonyms, first.regex_features, first.lookup_tables, first.responses)
    there = [other for other in others if other]
    rest = [TrainingData(None, o.entity_synonyms, o.regex_features, o.lookup_tables, o.responses) for o in there]
    beside = _COPYING(bare, *rest)
    examples = [example for each in (first, *there) for example in each.training_examples]
    return TrainingData(examples, beside.entity_synonyms, beside.regex_features, beside.lookup_tables, beside.responses)


def _graph_of(importer: TrainingDataImporter) -> GraphModelConfiguration:
    """The steps that config.yml asks for, checked for what each needs of the others."""
    config = importer.get_config()
    recipe = Recipe.recipe_for_name(config["recipe"])
    configuration = recipe.graph_config_for_recipe(config, {}, training_type=TrainingType.BOTH)
    validate(configuration)
    return configuration


def main(arguments: list[str] | None = None) -> None:
    """Train into the file that is named."""
    parser = argparse.ArgumentParser(
        prog="python -m bot.model_training", description="训练 Rasa 模型 / train the model"
    )
    parser.add_argument("model", type=Path, help="模型写到哪里 / where to write it")
    train(parser.parse_args(arguments).model)


if __name__ == "__main__":
    main()

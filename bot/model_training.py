"""`python -m bot.model_training FILE`: trains the Rasa model of this project, as `rasa train --force` would.

The same graph with the same result. What is left out is what nobody uses: `rasa train` reads all data once more to look
for faults (a test runs `rasa data validate`, and the build of the knowledge has checked every example before), and takes
the fingerprint of every example after every step, for a cache that a later training could start from; ours begins anew
(docs/performance.md).
"""

from __future__ import annotations

import argparse
import copy
import tempfile
from pathlib import Path

from rasa.engine.constants import PLACEHOLDER_IMPORTER
from rasa.engine.graph import ExecutionContext, GraphModelConfiguration
from rasa.engine.recipes.recipe import Recipe
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.validation import validate
from rasa.shared.data import TrainingType
from rasa.shared.importers.importer import TrainingDataImporter

CONFIG, DOMAIN, DATA = "config.yml", "domain.yml", "data"


def train(model: Path) -> None:
    """Train on the files of the current folder; `model` is whole or not there. Raises what Rasa raises."""
    importer = TrainingDataImporter.load_from_config(CONFIG, DOMAIN, [DATA])
    configuration = _graph_of(importer)
    model.parent.mkdir(parents=True, exist_ok=True)
    domain = copy.deepcopy(importer.get_domain())  # as Rasa: whatever the graph does to its own
    with tempfile.TemporaryDirectory(dir=model.parent) as folder:
        storage = LocalModelStorage(Path(folder))
        context = ExecutionContext(graph_schema=configuration.train_schema)
        DaskGraphRunner.create(configuration.train_schema, storage, context).run({PLACEHOLDER_IMPORTER: importer})
        storage.create_model_package(model, configuration, domain)


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

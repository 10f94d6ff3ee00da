"""TensorFlow stays away until somebody needs it. In processes of their own: what this one has imported is no witness."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest
from rasa.nlu.extractors import extractor

SERVING = """
import sys
from bot.without_tensorflow import import_extractors
import_extractors()
import bot.releases, bot.rasa_patches, rasa.server
from rasa.engine.storage.local_model_storage import LocalModelStorage
bot.rasa_patches.apply()
metadata = LocalModelStorage.metadata_from_archive("models/ask-qingpu.tar.gz")
print(any("IntentRegression" in node.uses.__name__ for node in metadata.predict_schema.nodes.values()))
"""


def said_by(code: str) -> str:
    """What a new process prints."""
    command = [sys.executable, "-W", "ignore", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout.strip()


@pytest.mark.slow  # imports all that serves, in a process of its own
def test_what_serves_is_imported_without_tensorflow() -> None:
    """Rasa's server, and every component that answers in the built model; who asks for it afterwards gets it."""
    asked = "print('tensorflow' in sys.modules)\nfrom rasa.utils.train_utils import init_split_entities\n"
    said = said_by(SERVING + asked + "print('tensorflow' in sys.modules)")
    assert said.split() == ["True", "False", "True"]


def test_the_extractors_make_no_use_of_what_is_withheld() -> None:
    """They name it where they import it, and nowhere else."""
    assert inspect.getsource(extractor).count("train_utils") == 1

"""Rasa's server without TensorFlow, which nothing of config.yml uses (docs/performance.md).

Rasa's entity extractors import `rasa.utils.train_utils`, which imports TensorFlow, and make no use of it. While they are
imported here, an empty module stands in its place; whoever imports it afterwards (a neural network in config.yml) gets
the real one, and TensorFlow.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

IMPORTER = "rasa.nlu.extractors.extractor"
NEEDLESS = "rasa.utils.train_utils"


def import_extractors() -> None:
    """Before anything else of Rasa is imported; afterwards it changes nothing."""
    if IMPORTER in sys.modules or NEEDLESS in sys.modules:
        return
    sys.modules[NEEDLESS] = ModuleType(NEEDLESS)
    try:
        import_module(IMPORTER)
    finally:
        del sys.modules[NEEDLESS]

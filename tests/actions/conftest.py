"""Actions' tests import Rasa as the bot does."""

from bot.without_tensorflow import import_extractors

import_extractors()  # as in tests/bot, before any file here brings Rasa, and TensorFlow with it

"""First step of the pipeline: normalise the message and cut it into words, with the plan's terms as words."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from knowledge.groundwork import settings
from knowledge.language.normalise import Normalizer, Understood, shared_normalizer
from knowledge.published.corrections import Fixed

UNDERSTOOD = "understood"  # message property: {"text": …, "guesses": [[typed, taken for], …]}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class QuestionTokenizer(Tokenizer):
    """jieba on the normalised text. Offsets of tokens count in the normalised text.

    The understood text travels with the message (and on to the action server), so that it is worked
    out once a turn.
    """

    @staticmethod
    def supported_languages() -> list[str] | None:
        """Chinese only."""
        return ["zh"]

    @staticmethod
    def required_packages() -> list[str]:
        """Packages this component needs."""
        return ["jieba", "pypinyin"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's tokenizer options, all off."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def __init__(self, config: dict[str, Any], normalizer: Normalizer) -> None:
        super().__init__(config)
        self._normalizer = normalizer

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> QuestionTokenizer:
        """Load vocabulary and dialect from the built knowledge; `make knowledge` comes first."""
        return cls(config, shared_normalizer(settings.knowledge_paths()))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """As for messages, without the words that staff published: a model depends on the repository alone."""
        serving, self._normalizer = self._normalizer, self._normalizer.with_corrections(Fixed())
        try:
            return super().process_training_data(training_data)
        finally:
            self._normalizer = serving

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Words of the normalised text; long ones also in their parts, so tokens may overlap.

        Text without a word stays one token: Rasa's classifier needs features of every message.
        """
        understood = understood_of(message, attribute, self._normalizer)
        tokenizer = self._normalizer.vocabulary.tokenizer
        words = [word for word in tokenizer.tokenize(understood.text, mode="search") if word[0].strip()]
        return [Token(word, start) for word, start, _ in words] or [Token(message.get(attribute) or "", 0)]


def understood_of(message: Message, attribute: str, normalizer: Normalizer) -> Understood:
    """Normalise once a message; the result is kept on the message as `UNDERSTOOD`."""
    text = message.get(attribute) or ""
    if attribute != "text":
        return normalizer.normalise(text)
    kept = message.get(UNDERSTOOD)
    if kept is None:
        found = normalizer.normalise(text)
        kept = {"text": found.text, "guesses": [list(pair) for pair in found.guesses]}
        message.set(UNDERSTOOD, kept, add_to_output=True)
    return Understood(kept["text"], tuple((a, b) for a, b in kept["guesses"]))

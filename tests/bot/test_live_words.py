"""Words that staff published reach messages, never what a model is trained on."""

from __future__ import annotations

from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.question_tokenizer import UNDERSTOOD, QuestionTokenizer
from knowledge.published.corrections import Fixed, LiveCorrections, Word
from knowledge.search.finder import Finder


def test_published_words_count_in_messages_and_not_in_training(finder: Finder) -> None:
    """The same text, read as a message, as a training example, and as a message again."""
    words = Fixed(LiveCorrections(words=(Word("乐龄卡", "敬老卡"),)))
    config = QuestionTokenizer.get_default_config()
    tokenizer = QuestionTokenizer(config, finder.normalizer.with_corrections(words))
    asked, example, again = (Message.build("乐龄卡怎么办") for _ in range(3))
    tokenizer.process([asked])
    tokenizer.process_training_data(TrainingData([example]))
    tokenizer.process([again])
    assert [m.get(UNDERSTOOD)["text"] for m in (asked, example, again)] == [
        "敬老卡怎么办",
        "乐龄卡怎么办",
        "敬老卡怎么办",
    ]

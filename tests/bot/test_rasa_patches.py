"""The patched Rasa behaves as Rasa does, and a changed Rasa is noticed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner, dask
from rasa.engine.storage.local_model_storage import LocalModelStorage

from bot import rasa_patches


def test_a_changed_version_fails_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another Rasa version is refused with what to do."""
    monkeypatch.setattr("rasa.__version__", "3.7.0")
    with pytest.raises(rasa_patches.RasaChanged, match="核对"):
        rasa_patches.check_rasa()


def test_a_changed_signature_fails_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A replaced function with other parameters is refused."""
    monkeypatch.setattr(RemoteAction, "_validate_action_result", lambda self, result, strict: True)
    with pytest.raises(rasa_patches.RasaChanged, match="_validate_action_result"):
        rasa_patches.check_rasa()


def test_validation_still_refuses_a_malformed_reply() -> None:
    """The compiled schema says what Rasa's says."""
    assert rasa_patches._validate_action_result(RemoteAction("a", None), {"events": [], "responses": []})
    with pytest.raises(jsonschema.ValidationError):
        rasa_patches._validate_action_result(RemoteAction("a", None), {"events": {}, "responses": []})
    with pytest.raises(jsonschema.ValidationError):
        rasa_patches._validate_action_result(RemoteAction("a", None), {"responses": [1]})


def test_patches_do_not_stack() -> None:
    """Applying twice changes nothing."""
    rasa_patches.apply()
    first = RemoteAction._validate_action_result
    rasa_patches.apply()
    assert RemoteAction._validate_action_result is first


class Adder(GraphComponent):
    """A node that adds and remembers how often it was asked to."""

    calls = 0

    @classmethod
    def create(cls, config: dict[str, Any], *_: Any, **__: Any) -> Adder:
        """`config` has what it adds."""
        component = cls()
        component.more = config["more"]
        return component

    def add(self, one: int, other: int = 0) -> int:
        """The sum."""
        Adder.calls += 1
        return one + other + self.more


def node(more: int, **needs: str) -> SchemaNode:
    """A node of a schema."""
    return SchemaNode(needs, Adder, "create", "add", {"more": more}, eager=True)


@pytest.fixture
def runner(tmp_path: Path) -> DaskGraphRunner:
    """A graph in which one node is needed twice, one is not needed, and one needs what nobody gives."""
    nodes = {
        "last": node(1000, one="left", other="right"),
        "left": node(10, one="first"),
        "right": node(100, one="first"),
        "first": node(1, one="given"),
        "idle": node(5, one="first"),
        "lost": node(5, one="nowhere"),
    }
    schema = GraphSchema(nodes)
    return DaskGraphRunner(schema, LocalModelStorage(tmp_path), ExecutionContext(schema))


def test_a_graph_runs_as_dask_runs_it(runner: DaskGraphRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same results; a node that two need runs once, one that nobody needs not at all; an input may be a target."""
    monkeypatch.setattr(Adder, "calls", 0)
    targets, inputs = ["last", "given"], {"given": 3}
    graph = runner._build_dask_graph(runner._graph_schema.minimal_graph_schema(targets))
    runner._add_inputs_to_graph(inputs, graph)
    by_dask, calls_by_dask = dict(dask.get(graph, targets)), Adder.calls
    Adder.calls = 0
    assert rasa_patches._run_in_order(runner, inputs, targets) == by_dask == {"last": 1118, "given": 3}
    assert Adder.calls == calls_by_dask == 4
    assert rasa_patches._run_in_order(runner, {"given": 4}, ["left"]) == {"left": 15}


def test_a_graph_that_cannot_run_says_so(runner: DaskGraphRunner) -> None:
    """An input with the name of a node, and a node that lacks what it needs."""
    with pytest.raises(GraphRunError, match="first"):
        rasa_patches._run_in_order(runner, {"given": 3, "first": 4}, ["last"])
    with pytest.raises(GraphRunError, match="nowhere"):
        rasa_patches._run_in_order(runner, {"given": 3}, ["lost"])

"""Where Rasa itself is adapted. Written for Rasa 3.6.21; fails loudly on any other version.

| replaced | why | measured (docs/performance.md) |
|---|---|---|
| `RemoteAction._validate_action_result` | checks the JSON schema itself on every reply: 70 % of a turn | the schema is compiled once |
| `RemoteAction._action_call_format` | sends the whole history with every turn, so turns get slower | the last message with its metadata and the slots go |
| `EndpointConfig.session` | a new connection for each call to the action server | one kept-alive session an event loop |
| `DaskGraphRunner.run` | finds out anew for each message which nodes run in which order, and has dask schedule them | the order is found once, each node is called |
| `ModelMetadata.from_dict` | imports the classes of the training graph as well, and with its validators TensorFlow | only what answers is imported |

What is imported before this module can be, and needs TensorFlow no more than this: `bot/without_tensorflow.py`.
"""

from __future__ import annotations

import asyncio
import inspect
import weakref
from collections.abc import Sequence
from typing import Any

import aiohttp
import rasa
from jsonschema import Draft7Validator
from rasa.core.actions.action import RemoteAction
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import EndpointConfig

RASA_VERSION = "3.6.21"
KEEP_ALIVE_S = 2.0  # far less than the action server keeps a connection (`actions.server`)
_EXPECTED = {
    (RemoteAction, "_validate_action_result"): ("self", "result"),
    (RemoteAction, "_action_call_format"): ("self", "tracker", "domain"),
    (EndpointConfig, "session"): ("self",),
    (DaskGraphRunner, "run"): ("self", "inputs", "targets"),
    (ModelMetadata, "from_dict"): ("serialized",),
}


class RasaChanged(RuntimeError):
    """Rasa is not the version these patches were written for."""


def apply() -> None:
    """Patch Rasa in this process; a second call changes nothing.

    Raises `RasaChanged` if Rasa's version or one of the replaced functions' parameters differ.
    """
    if getattr(RemoteAction, "_ask_qingpu_patched", False):
        return
    check_rasa()
    RemoteAction._validate_action_result = _validate_action_result
    RemoteAction._action_call_format = _action_call_format
    EndpointConfig.session = _session
    DaskGraphRunner.run = _run_in_order
    ModelMetadata.from_dict = _metadata_to_serve
    RemoteAction._ask_qingpu_patched = True


def check_rasa() -> None:
    """Raise `RasaChanged` unless Rasa is what the patches expect."""
    if rasa.__version__ != RASA_VERSION:
        raise RasaChanged(
            f"bot/rasa_patches.py 是为 Rasa {RASA_VERSION} 写的，现在装的是 {rasa.__version__} — "
            "逐个核对表里被替换的函数，再改 RASA_VERSION"
        )
    for (owner, name), parameters in _EXPECTED.items():
        found = tuple(inspect.signature(getattr(owner, name)).parameters)
        if found != parameters:
            raise RasaChanged(f"{owner.__name__}.{name} 的参数变成了 {found} — 核对 bot/rasa_patches.py 后再用")


_validator = Draft7Validator(RemoteAction.action_response_format_spec())


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """As Rasa's: raises `jsonschema.ValidationError` for a malformed reply."""
    _validator.validate(result)
    return True


def _action_call_format(self: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
    """As Rasa's with selective domain, without the history: our actions read slots and the last message."""
    state = tracker.current_state(EventVerbosity.NONE)
    state["events"] = []
    if tracker.latest_message and state["latest_message"]:  # Rasa leaves it out; it names the release that answers
        state["latest_message"]["metadata"] = tracker.latest_message.metadata or {}
    return {"next_action": self._name, "sender_id": tracker.sender_id, "tracker": state, "version": rasa.__version__}


def _run_in_order(
    self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
) -> dict[str, Any]:
    """As Rasa's: runs the nodes that the targets need, each after those that it needs itself."""
    wanted = tuple(targets or self._graph_schema.target_names)
    orders = self.__dict__.setdefault("_orders", {})
    order = orders.get(wanted) or orders.setdefault(wanted, _order_of(self._graph_schema, wanted))
    if inputs and not inputs.keys().isdisjoint(order):
        raise GraphRunError(f"{sorted(inputs.keys() & set(order))}: names of inputs are names of nodes")
    found: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
    try:
        for name in order:
            needs = self._graph_schema.nodes[name].needs.values()
            found[name] = self._instantiated_nodes[name](*(found.get(need, need) for need in needs))
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return dict(found[name] for name in wanted)


def _order_of(schema: GraphSchema, targets: Sequence[str]) -> list[str]:
    """All nodes that the targets need, each after those that it needs."""
    found: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in schema.nodes and name not in found:
            for need in schema.nodes[name].needs.values():
                visit(need)
            found[name] = None

    for target in targets:
        visit(target)
    return list(found)


_metadata = ModelMetadata.from_dict


def _metadata_to_serve(serialized: dict[str, Any]) -> ModelMetadata:
    """As Rasa's, with an empty training graph: a process that serves neither trains nor finetunes."""
    return _metadata({**serialized, "train_schema": {"nodes": {}}})


class _KeptSession:
    """Lends a long-lived session where Rasa expects one that it opens and closes."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self._session

    async def __aexit__(self, *_: object) -> None:
        return None


_sessions: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, dict[int, aiohttp.ClientSession]] = (
    weakref.WeakKeyDictionary()
)
_new_session = EndpointConfig.session


def _session(self: EndpointConfig) -> Any:
    """One session an event loop and endpoint; aiohttp keeps its connections alive."""
    sessions = _sessions.setdefault(asyncio.get_running_loop(), {})
    session = sessions.get(id(self))
    if session is None or session.closed:
        session = sessions[id(self)] = _with_short_keep_alive(_new_session(self))
    return _KeptSession(session)


async def close_sessions() -> None:
    """Close this event loop's sessions, as the server stops."""
    for session in _sessions.pop(asyncio.get_running_loop(), {}).values():
        await session.close()


def _with_short_keep_alive(session: aiohttp.ClientSession) -> aiohttp.ClientSession:
    """Connections are dropped before the action server drops them, so none is used half closed."""
    session._connector._keepalive_timeout = KEEP_ALIVE_S  # type: ignore[union-attr]
    return session

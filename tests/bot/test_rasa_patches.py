"""The patched Rasa behaves as Rasa does, and a changed Rasa is noticed."""

from __future__ import annotations

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction

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

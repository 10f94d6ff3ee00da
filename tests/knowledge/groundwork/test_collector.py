"""The search for garbage stops while objects are made in bulk, and goes on afterwards, whatever happened."""

from __future__ import annotations

import gc

import pytest

from knowledge.groundwork.collector import collector_paused


def test_it_goes_on_afterwards() -> None:
    """Also after an error, and only where it was on before."""
    with pytest.raises(ValueError, match="anything"), collector_paused():
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
        raise ValueError("anything")
    assert gc.isenabled()

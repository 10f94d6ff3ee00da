"""What the product is made of: every locked package with its hashes and a licence that may be used."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from scripts import supply


def test_the_bill_has_every_locked_package() -> None:
    """With version, hashes and address; as many as the lock has lines of that form."""
    packages = list(supply.locked())
    pinned = re.findall(
        r"^[A-Za-z0-9._-]+(?:\[[^\]]*\])?==", Path("requirements.lock").read_text(encoding="utf-8"), re.M
    )
    made = json.loads(supply.bill(packages))
    assert made["bomFormat"] == "CycloneDX" and len(made["components"]) == len(packages) == len(pinned) > 200
    rasa = next(each for each in made["components"] if each["name"] == "rasa")
    assert rasa["purl"] == f"pkg:pypi/rasa@{rasa['version']}" and rasa["hashes"] and rasa["licenses"]


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT License", True),
        ("Apache-2.0 OR BSD-3-Clause", True),
        ("GNU Lesser General Public License v3 or later (LGPLv3+)", True),
        ("GNU Library or Lesser General Public License (LGPL)", True),
        ("GNU General Public License v3 (GPLv3)", False),
        ("AGPL-3.0-or-later", False),
        ("GPL-2.0-only", False),
        ("Other/Proprietary License", False),
        ("", False),
    ],
)
def test_which_licences_may_be_used(licence: str, *, allowed: bool) -> None:
    """Copyleft of the whole never, unknown never."""
    assert supply.is_allowed(licence) == allowed


def test_an_environment_that_is_not_the_lock_s_is_told() -> None:
    """A version beside the locked one, a package that is missing, a licence that may not be."""
    made = {"hashes": (), "home": ""}
    packages = [
        supply.LockedPackage("a", "1.0", licence="MIT", installed="1.1", **made),
        supply.LockedPackage("b", "1.0", licence="", installed="", **made),
        supply.LockedPackage("c", "1.0", licence="GPL-3.0", installed="1.0", **made),
        supply.LockedPackage("d", "1.0", licence="MIT", installed="1.0", **made),
    ]
    assert [fault.split(" ")[0].rstrip(":") for fault in supply.faults(packages)] == ["c", "a", "b"]

"""`make sbom`: what the product is made of, from requirements.lock and the installed packages, without any network.

Writes `var/sbom.cdx.json` (CycloneDX 1.5: name, version, hashes of the lock, licence, address) and prints the licences.
`--check` writes nothing: 1 if a package's licence is not one of `ALLOWED`, or the environment is not what the lock says.
`--dates` asks the package index, through uv, when each locked version was released, and writes `docs/dependencies.csv`.
"""

from __future__ import annotations

import argparse
import csv
import re
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

import tomli
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot5
from packageurl import PackageURL

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from version import product_version

LOCK = Path("requirements.lock")
OUT = Path("var/sbom.cdx.json")
DATES = Path("docs/dependencies.csv")
PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>\S+)(?P<rest>(?:.*\\\n)*.*)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
CLASSIFIER = "License :: OSI Approved :: "
# By what a licence calls itself. Weak copyleft of a library that is imported, not changed, asks nothing of what imports it.
ALLOWED = re.compile(
    r"apache|\bmit\b|mit-0|bsd|isc|python|psf|mozilla|mpl|public domain|unlicense|zlib|hpnd|mit-cmu|cc0|zope|zpl"
    r"|lesser general|lgpl|0bsd|boost",
    re.IGNORECASE,
)
COPYLEFT = re.compile(r"(?<!lesser )general public|\ba?gpl", re.IGNORECASE)
STATED = {"axe-playwright-python": "MIT"}  # where the metadata say nothing: by the licence file of the distribution
TOOLS = {"jiojio"}  # GPL-3.0: scripts/perturb.py runs it by way of jionlp; no part of the product imports either


@dataclass(frozen=True)
class LockedPackage:
    """One line of the lock, with what the installed package says of its licence."""

    name: str
    version: str
    hashes: tuple[str, ...]
    licence: str
    home: str
    installed: str


def locked() -> Iterator[LockedPackage]:
    """Every package of the lock, in its order."""
    for found in PINNED.finditer(LOCK.read_text(encoding="utf-8")):
        name = found["name"]
        try:
            told = metadata(name)
        except PackageNotFoundError:
            yield LockedPackage(name, found["version"], tuple(HASH.findall(found["rest"])), "", "", "")
            continue
        home = told.get("Home-page") or next((u.split(", ", 1)[1] for u in told.get_all("Project-URL") or ()), "")
        hashes = tuple(HASH.findall(found["rest"]))
        yield LockedPackage(name, found["version"], hashes, licence_of(name, told), home, told["Version"])


def licence_of(name: str, told: PackageMetadata) -> str:
    """The expression, else the classifiers, else the first line of the free text; "" where nothing is said."""
    classified = [c.removeprefix(CLASSIFIER) for c in told.get_all("Classifier") or () if c.startswith(CLASSIFIER)]
    text = (told.get("License") or "").strip().split("\n")[0][:80]
    said = told.get("License-Expression") or " OR ".join(classified) or text
    return STATED.get(name, "") if said in ("", "UNKNOWN") else said


def is_allowed(licence: str) -> bool:
    """Whether one of what a package may be used under is."""
    return any(ALLOWED.search(one) and not COPYLEFT.search(one) for one in re.split(r"\bOR\b|/", licence))


def faults(packages: list[LockedPackage]) -> list[str]:
    """What is not as it may be."""
    found = [
        f"{p.name} {p.version}: licence {p.licence or 'unknown'}"
        for p in packages
        if p.installed and p.name not in TOOLS and not is_allowed(p.licence)
    ]
    return found + [
        f"{p.name}: {p.installed or 'not'} installed, {p.version} locked" for p in packages if p.installed != p.version
    ]


def bill(packages: list[LockedPackage]) -> str:
    """The CycloneDX document. The lock says what there is, not who asked for it: there is no graph."""
    warnings.filterwarnings("ignore", message=".*has no defined dependencies")
    bom = Bom()
    bom.metadata.component = Component(
        name="ask-qingpu", version=product_version(), type=ComponentType.APPLICATION, bom_ref="ask-qingpu"
    )
    for package in packages:
        component = Component(
            name=package.name,
            version=package.version,
            type=ComponentType.LIBRARY,
            purl=(address := PackageURL("pypi", name=package.name.lower(), version=package.version)),
            bom_ref=str(address),
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in package.hashes],
            licenses=[DisjunctiveLicense(name=package.licence)] if package.licence else [],
        )
        bom.components.add(component)
    return JsonV1Dot5(bom).output_as_string(indent=1)


def dated(packages: list[LockedPackage]) -> dict[str, str]:
    """Name → day on which the index got the locked version: uv notes it in its own lock, made from ours in a folder beside."""
    with tempfile.TemporaryDirectory(prefix="ask-qingpu-dates-") as folder:
        project = Path("pyproject.toml").read_text(encoding="utf-8")
        pins = "".join(f'  "{package.name}=={package.version}",\n' for package in packages)
        here = "environments = [\"sys_platform == 'linux' and platform_machine == 'x86_64'\"]"
        project += f"\n[tool.uv]\npackage = false\n{here}\nconstraint-dependencies = [\n{pins}]\n"
        Path(folder, "pyproject.toml").write_text(project, encoding="utf-8")
        uv = [
            str(Path(sys.executable).with_name("uv")),
            "lock",
            "--quiet",
            "--no-python-downloads",
            "--python",
            sys.executable,
        ]
        subprocess.run(uv, cwd=folder, check=True)  # noqa: S603 - our own words
        kept = tomli.loads(Path(folder, "uv.lock").read_text(encoding="utf-8"))["package"]
    times = {each["name"]: _upload_times(each) for each in kept}
    return {name: min(found)[:10] for name, found in times.items() if found}


def _upload_times(package: dict[str, Any]) -> list[str]:
    files = [*package.get("wheels", ()), *([package["sdist"]] if "sdist" in package else ())]
    return [str(file["upload-time"]) for file in files if "upload-time" in file]


def write_dates(packages: list[LockedPackage]) -> None:
    """Oldest first: what nobody has touched for years is looked at first."""
    found = dated(packages)
    rows = [(found.get(re.sub(r"[-_.]+", "-", p.name).lower(), ""), p.name, p.version, p.licence) for p in packages]
    with DATES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([("released", "package", "version", "licence"), *sorted(rows)])


def main(arguments: list[str] | None = None) -> int:
    """0 if every licence may be used and the environment is the lock's, else 1."""
    parser = argparse.ArgumentParser(
        prog="python scripts/supply.py", description="成分和许可 / bill of materials, licences"
    )
    parser.add_argument("--check", action="store_true", help="只检查 / check only")
    parser.add_argument(
        "--dates", action="store_true", help="各版本的发布日期，要网络 / release dates, needs the index"
    )
    options = parser.parse_args(arguments)
    packages = list(locked())
    wrong = faults(packages)
    if not options.check:
        OUT.parent.mkdir(exist_ok=True)
        OUT.write_text(bill(packages), encoding="utf-8")
        for licence, count in Counter(package.licence or "unknown" for package in packages).most_common():
            print(f"{count:4} {licence}")
        print(f"{len(packages)} packages, {OUT}")
    if options.dates:
        write_dates(packages)
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""Asking the running bot a question as a resident would, without its being one: what serves, or another release by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests

from conversations.identity import installation_token
from knowledge.document.plan_text import tidy
from releases.shelf import Shelf, fixed_by_environment
from review.releases.shelving import shelf_errors

CONNECT_S = 2.0
SERVING_S = 10.0  # longer than a turn may take
OTHER_S = 25.0  # loading a release takes about five seconds in each of two processes; a page waits no longer than this
OFFERED = 6  # releases to choose from
BOT_DOWN = "机器人没有开着，问不到（{url}） / the bot does not run, nobody can be asked ({url})"
STILL_LOADING = "这个版本还在载入，过几秒再问一次 / this release is still being loaded: ask again in a few seconds"
NO_REHEARSAL = "机器人没有收这个问题（{status}）：{why} / the bot did not take the question ({status}): {why}"


@dataclass(frozen=True)
class Rehearsed:
    """What one release says to a question; `fault` says why nothing came, in both languages."""

    release: str
    outcome: str = ""
    headline: str = ""
    quotes: tuple[tuple[str, int], ...] = ()
    choices: tuple[str, ...] = ()
    text: str = ""
    fault: str = ""


def others(shelf: Shelf) -> tuple[Sequence[str], str]:
    """Releases to compare with, newest first, and the one that suggests itself: on trial, else newer than what serves."""
    if fixed_by_environment():
        return (), ""
    with shelf_errors():
        rollout, kept = shelf.rollout(), shelf.releases()
    if rollout is None:
        return (), ""
    ids = [release.id for release in kept]  # newest first
    at = ids.index(rollout.serving) if rollout.serving in ids else 0
    newer = ids[0] if at else ""
    return [each for each in ids if each != rollout.serving][:OFFERED], rollout.candidate or newer


def rehearse(bot_url: str, question: str, release: str = "", *, drafts: bool = False) -> Rehearsed:
    """Ask a release, "" for what serves, with `drafts` as if the drafts on the shelf held. Never raises for what the bot does: `fault` says it."""
    headers = {"Authorization": f"Bearer {installation_token('rest tools')}"}
    body: dict[str, Any] = {"message": question, "release": release, "drafts": drafts}
    within = (CONNECT_S, OTHER_S if release else SERVING_S)
    try:
        reply = requests.post(f"{bot_url}/webhooks/rest/rehearse", json=body, headers=headers, timeout=within)
        told = reply.json()
    except requests.ReadTimeout:
        return Rehearsed(release, fault=STILL_LOADING)
    except (requests.RequestException, ValueError):
        return Rehearsed(release, fault=BOT_DOWN.format(url=bot_url))
    if reply.status_code != requests.codes.ok:
        why = str(told.get("error", "") if isinstance(told, dict) else "").replace(" / ", "；")
        return Rehearsed(release, fault=NO_REHEARSAL.format(status=reply.status_code, why=why))
    return _read(told)


def _read(told: Mapping[str, Any]) -> Rehearsed:
    custom: Mapping[str, Any] = next((m["custom"] for m in told["messages"] if "custom" in m), {})
    return Rehearsed(
        release=told["release"],
        outcome=custom.get("outcome", "error"),
        headline=custom.get("headline", ""),
        quotes=tuple((tidy(each["quote"]), each["page"]) for each in custom.get("citations") or ()),
        choices=tuple(each["title"] for each in custom.get("related") or ()),
        text="\n".join(m["text"] for m in told["messages"] if "text" in m),
    )


def differing(answers: Sequence[Rehearsed]) -> frozenset[str]:
    """In which fields two answers differ; none where there are not two."""
    if len(answers) != 2 or any(each.fault for each in answers):
        return frozenset()
    first, second = (vars(each) for each in answers)
    return frozenset(name for name in first if name != "release" and first[name] != second[name])

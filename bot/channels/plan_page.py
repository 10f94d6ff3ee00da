"""The plan as one accessible page: every passage has its own address, the one asked for is highlighted."""

from __future__ import annotations

from collections import defaultdict
from html import escape
from itertools import groupby

from knowledge.commitments import Commitment
from knowledge.compose import tidy
from knowledge.passages import Passage
from knowledge.store import StoredKnowledge

_STYLE = """
:root{color-scheme:light dark}
body{font:1.125rem/1.9 "Noto Serif CJK SC","Songti SC",serif;max-width:44rem;margin:0 auto;padding:1rem 1.25rem 6rem}
h1{font-size:1.5rem;line-height:1.5}h2{font-size:1.3rem;margin-top:3rem}h3{font-size:1.1rem;margin-top:2rem}
nav a{display:inline-block;padding:.4rem .6rem}
.page{color:#767676;font-size:.85em;border:1px solid;border-radius:.3em;padding:0 .3em;margin:0 .3em;user-select:none}
.row{display:block;margin:.3rem 0}
span:target,span:has(>:target){background:#ffe58a;color:#000;outline:.2rem solid #ffe58a;scroll-margin-top:30vh}
"""


def render_plan(stored: StoredKnowledge) -> str:
    """A whole HTML document. All of the plan's text is escaped; nothing is loaded from elsewhere."""
    by_passage: dict[str, list[Commitment]] = defaultdict(list)
    for commitment in stored.commitments:
        by_passage[commitment.quote].append(commitment)
    chapters = [(name, list(group)) for name, group in groupby(stored.passages, key=lambda p: p.chapter)]
    contents = "".join(f'<a href="#chapter-{i}">{escape(name)}</a>' for i, (name, _) in enumerate(chapters))
    body = "".join(_chapter(i, name, group, by_passage) for i, (name, group) in enumerate(chapters))
    title = escape(stored.meta["title"])
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><h1>{title}</h1><nav aria-label=目录>{contents}</nav><main>{body}</main></body></html>"
    )


def _chapter(number: int, name: str, group: list[Passage], by_passage: dict[str, list[Commitment]]) -> str:
    parts = [f'<h2 id="chapter-{number}">{escape(name)}</h2>']
    place, page, open_paragraph = ("", ""), 0, False
    for passage in group:
        if (passage.section, passage.heading) != place:
            place = (passage.section, passage.heading)
            parts.append("</p>" if open_paragraph else "")
            parts.append(f"<h3>{escape(' '.join(filter(None, place)))}</h3><p>")
            open_paragraph = True
        elif not open_paragraph:
            parts.append("<p>")
            open_paragraph = True
        if passage.page != page:
            page = passage.page
            parts.append(f'<span class="page">第 {page} 页</span>')
        parts.append(_passage(passage, by_passage[passage.text]))
    return "".join(parts) + ("</p>" if open_paragraph else "")


def _passage(passage: Passage, commitments: list[Commitment]) -> str:
    anchors = "".join(f'<span id="{escape(c.id)}"></span>' for c in commitments[1:])
    identity = f' id="{escape(commitments[0].id)}"' if commitments else ""
    row = "" if passage.kind == "body" else ' class="row"'
    return f"<span{identity}{row}>{anchors}{escape(tidy(passage.text))}</span>"

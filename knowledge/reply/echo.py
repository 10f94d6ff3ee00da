"""Whether a resident's words may come back in a reply: what only asks may, what claims something may not.

「改造的话每平补三千对吧」 in quotation marks, on a page of the district, would be read as said by it.
"""

from __future__ import annotations

import re

_CLAIMS = re.compile(
    r"[\d０-９二两三四五六七八九十百千万亿％%]|吧[？?。！!]?$|是真的|听说|confirm|guarantee|free of", re.IGNORECASE
)
_YEAR = re.compile(r"20\d\d年?")


def may_come_back(question: str) -> bool:
    """Whether words ask and claim nothing: no number but a year, nothing heard of, nothing to be confirmed."""
    return not _CLAIMS.search(_YEAR.sub("", question))

"""Words by which residents ask how it was before the plan: one list, and what is added where a turn is read in its own way.

A question of its own may say 本来, 基数 or 如今 of anything (「公积金基数几月调」, 「如今年纪大了」), and a turn that leans on the
last answer may name a thing that holds 基础, 已经 or 现状 (「基础教育呢」): such words are told by the other reader alone.
"""

from __future__ import annotations

import re

_TIMES = "原来|原先|以前|之前|过去|2020|十三五|起初|前五年|前面五年|前几年|上一个五年|上个五年|现在|目前"
PAST_OF_A_QUESTION = re.compile(f"{_TIMES}|已经|现状|基础|至今|截至|这几年")  # how it was, and what was done so far
PAST_OF_A_LEANING_TURN = re.compile(f"{_TIMES}|本来|基数|当时|那时|眼下|如今")  # 「原来呢」, 「那时候多少」

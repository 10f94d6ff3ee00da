"""How far a share may be trusted that was counted on few cases."""

from __future__ import annotations

import math

Z = 1.96  # of a 95 % interval


def wilson_interval(found: int, of: int) -> tuple[float, float]:
    """Lowest and highest plausible share, 0–1, where `found` of `of` cases were counted; `of` is at least 1.

    The 95 % interval of Wilson (1927), which holds for small counts and for none or all of them.
    """
    share = found / of
    centre, spread = share + Z**2 / (2 * of), Z * math.sqrt(share * (1 - share) / of + Z**2 / (4 * of**2))
    low, high = ((centre + sign * spread) / (1 + Z**2 / of) for sign in (-1, 1))
    return max(0.0, low), min(1.0, high)

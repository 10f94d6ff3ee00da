"""Probabilities as the dialogue's models take them."""

from __future__ import annotations

import numpy as np

MAX_ODDS = 5.0  # log odds beyond which nothing more is said


def log_odds(probability: float) -> float:
    """Between ± `MAX_ODDS`."""
    clipped = min(max(probability, 1e-6), 1 - 1e-6)
    return float(np.clip(np.log(clipped / (1 - clipped)), -MAX_ODDS, MAX_ODDS))

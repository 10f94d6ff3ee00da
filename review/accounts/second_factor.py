"""The second factor: time-based one-time codes (RFC 6238), and the picture that a phone reads."""

from __future__ import annotations

import base64
import hmac
import io
import time
import unicodedata

import pyotp
import segno

ISSUER = "青浦民生问答 审核台"
STEP_S = 30  # RFC 6238's default, which every app takes
WINDOW = 1  # steps before and after: a phone's clock may be half a minute off


def new_secret() -> str:
    """A fresh base32 secret of 160 bits."""
    return pyotp.random_base32()


def address_of(secret: str, name: str) -> str:
    """The `otpauth:` address that an app reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def picture_of(address: str) -> str:
    """A QR code as a `data:` address of an SVG, black on white."""
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", scale=5, border=4, dark="#000", light="#fff", xmldecl=False)
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()


def step_of(secret: str, code: str, after_step: int, at: float | None = None) -> int | None:
    """The time step that a code is right for, or None. A step up to `after_step` was used already and is refused."""
    digits = "".join(c for c in unicodedata.normalize("NFKC", code) if c in "0123456789")  # input methods type １２３
    current = int((time.time() if at is None else at) // STEP_S)
    for step in range(current - WINDOW, current + WINDOW + 1):
        if step > after_step and hmac.compare_digest(pyotp.HOTP(secret).at(step), digits):
            return step
    return None

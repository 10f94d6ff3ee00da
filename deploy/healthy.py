"""`python deploy/healthy.py URL`: whether an address answers 200, for containers without curl."""

from __future__ import annotations

import sys
import urllib.request

TIMEOUT_S = 5


def main(url: str) -> int:
    """0 if it does, 1 if not."""
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_S) as reply:  # noqa: S310 - the address is the image's own
            return int(reply.status != 200)
    except OSError as error:
        print(f"{url}: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

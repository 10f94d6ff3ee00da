"""`python -m settings` writes docs/settings.md from the table."""

from __future__ import annotations

from settings.page import PAGE, page


def main() -> None:
    """Write the page; says where."""
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()

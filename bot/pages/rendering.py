"""Pages from templates: everything is escaped, nothing is loaded from elsewhere, and the headers say so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import response
from sanic.response import HTTPResponse

FOLDER = Path(__file__).resolve().parent
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cache-Control": "no-cache",
}
_templates = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(template: str, **values: Any) -> str:
    """The HTML of a template. A value that the template wants and does not get is an error."""
    return _templates.get_template(template).render(**values)


def html_response(html: str, status: int = 200, retry_after_s: int = 0) -> HTTPResponse:
    """A page with the strict headers; with `Retry-After` where that helps."""
    later = {"Retry-After": str(retry_after_s)} if retry_after_s else {}
    return response.html(html, status=status, headers=HEADERS | later)


def page(template: str, status: int = 200, retry_after_s: int = 0, **values: Any) -> HTTPResponse:
    """A template's page, as `html_response`."""
    return html_response(render(template, **values), status, retry_after_s)

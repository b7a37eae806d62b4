"""Content → HTML. People's text is only ever a value, never a template."""

from __future__ import annotations

from typing import Any

from django.template.loader import get_template


def html_del_cv(contenuto: dict[str, Any], *, fitto: bool = False) -> str:
    """The whole CV; `fitto` draws it tighter."""
    return get_template("curriculum/documento/cv.html").render({"cv": contenuto, "fitto": fitto})


def html_del_foglio(contenuto: dict[str, Any]) -> str:
    """The sheet for the citizen: how to cancel the CV on the portal (V5)."""
    return get_template("curriculum/documento/come_cancellare.html").render({"foglio": contenuto})

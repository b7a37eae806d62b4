"""The texts for citizens, written plain, shown with their headings and lists."""

from __future__ import annotations

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def testo_informativo(testo: str) -> SafeString:
    """Blocks parted by blank lines: lines with "- " are a list, a single line without a full stop is a heading."""
    blocchi = [blocco.strip().splitlines() for blocco in re.split(r"\n\s*\n", testo.strip())]
    return mark_safe("".join(_blocco(righe) for righe in blocchi if righe))  # noqa: S308 - every piece is escaped below


def _blocco(righe: list[str]) -> SafeString:
    if all(riga.startswith("- ") for riga in righe):
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((riga[2:],) for riga in righe)))
    if len(righe) == 1 and len(righe[0]) < 90 and righe[0][-1] not in ".:;":
        return format_html("<h3>{}</h3>", righe[0])
    return format_html("<p>{}</p>", format_html_join(mark_safe("<br>"), "{}", ((riga,) for riga in righe)))

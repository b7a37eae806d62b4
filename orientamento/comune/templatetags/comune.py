"""Template tags shared by every app: icons, dates, fields, error summaries."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from django import forms, template
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from orientamento.comune import calendario

register = template.Library()


@register.simple_tag
@cache
def icona(nome: str, classi: str = "") -> SafeString:
    """A decorative icon of the Bootstrap Italia sprite; the words beside it carry the meaning."""
    return format_html(
        '<svg class="icon icon-sm {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        classi,
        static("svg/sprites.svg"),
        nome,
    )


@register.simple_tag
def segno(fatto: object) -> SafeString:
    """The mark of a step, done or to do, in shape and in words."""
    if not fatto:
        return SafeString('<span class="segno"><span class="visually-hidden">Da fare:</span></span>')
    return format_html(
        '<span class="segno segno-fatto">{}<span class="visually-hidden">Fatto:</span></span>', icona("it-check")
    )


@register.filter
def giorno(valore: dt.date | dt.datetime | None) -> str:
    """23/11/2026; empty for nothing."""
    if not valore:
        return ""
    if isinstance(valore, dt.datetime):
        valore = timezone.localtime(valore)
    return valore.strftime("%d/%m/%Y")


@register.filter
def giorno_e_ora(valore: dt.datetime | None) -> str:
    """23/11/2026 alle 10:32; empty for nothing."""
    return calendario.giorno_e_ora(valore) if valore else ""


@register.filter
def ora_breve(valore: dt.datetime | None) -> str:
    """alle 10:32 for today, il 23/11/2026 alle 10:32 for another day; empty for nothing."""
    if not valore:
        return ""
    locale = timezone.localtime(valore)
    return locale.strftime("alle %H:%M" if locale.date() == timezone.localdate() else "il %d/%m/%Y alle %H:%M")


@register.simple_tag
def campo(field: forms.BoundField) -> str:
    """A field with its label, help and errors, tied together for assistive technology."""
    return rendi_campo(field)


@register.filter
def riepilogo_errori(form: forms.BaseForm) -> str:
    """The summary on top of a form: how many errors, each a link to its field. Empty when there are none."""
    if not form.errors:
        return ""
    return get_template("componenti/_riepilogo_errori.html").render({"form": form})


def rendi_campo(field: forms.BoundField) -> str:
    """The HTML of one field, the same for `{% campo %}` and for crispy layouts."""
    widget = field.field.widget
    contesto: dict[str, Any] = {
        "field": field,
        "a_gruppo": widget.use_fieldset,
        "spunta": isinstance(widget, forms.CheckboxInput),
    }
    return get_template("componenti/_campo.html").render(contesto)

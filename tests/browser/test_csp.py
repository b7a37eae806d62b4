"""The pages carry nothing that the strict policy on contents would refuse, and the policy is in force on each."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings

from tests.browser.mondo import PAGINE, Mondo, Pagina, costruisci

POLITICA = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
pytestmark = pytest.mark.django_db


class Lettore(HTMLParser):
    """Collects what the policy forbids, and what would come from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.trovati: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        presenti = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in presenti):
            self.trovati.append(f"<{tag}> scritto nella pagina")
        for nome, valore in attrs:
            if nome == "style" or nome.startswith(("on", "hx-on")) or (valore or "").startswith(("javascript:", "js:")):
                self.trovati.append(f"<{tag} {nome}={valore!r}>")
        for nome in ("src", "href", "action", "hx-get", "hx-post"):
            if (presenti.get(nome) or "").startswith(("http:", "https:", "//")):
                self.trovati.append(f"<{tag} {nome}={presenti[nome]!r}> è altrove")


def proibiti(risposta: HttpResponse) -> list[str]:
    lettore = Lettore()
    lettore.feed(risposta.content.decode())
    return lettore.trovati


def politica(risposta: HttpResponse) -> dict[str, str]:
    voci = (voce.strip().partition(" ") for voce in risposta["Content-Security-Policy"].split(";") if voce.strip())
    return {nome: valore for nome, _, valore in voci}


def client_di(mondo: Mondo, voce: Pagina) -> Client:
    return mondo.cast.client(voce.chi) if voce.chi else Client()


@override_settings(PORTALE_URL="http://127.0.0.1:9", PORTALE_CLIENTE="prova", PORTALE_SEGRETO="prova")
def test_every_page_is_served_under_the_policy_and_keeps_it() -> None:
    mondo = costruisci()
    for voce in PAGINE:
        risposta = client_di(mondo, voce).get(mondo.url(voce), follow=True)
        assert risposta.status_code == voce.stato, voce.nome
        assert POLITICA.items() <= politica(risposta).items(), voce.nome
        assert proibiti(risposta) == [], voce.nome


def test_the_reader_does_find_what_is_forbidden() -> None:
    pagina = """<p style="color:red" onclick="x()">a</p><script>1</script><style>a{}</style>
      <img src="//altrove.invalid/a.png"><a href="javascript:1">b</a><script src="/static/js/app.js"></script>"""
    assert len(proibiti(HttpResponse(pagina))) == 6

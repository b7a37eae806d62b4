"""Every address for every role (A1): a stranger gets 404, a colleague without the right 403, nobody without login.

A new address fails `test_every_address_stands_in_the_matrix` until it gets its line here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from curriculum.models import Curriculum, Trasferimento
from orientamento.anagrafica.models import CPI, DID, Programma, TitoloStudio
from orientamento.comune.calendario import adesso, oggi
from propensioni.models import Propensione
from psp.models import (
    ChiusuraUfficio,
    ContattoImpresa,
    FiltroSalvato,
    PattoDiServizio,
    Promemoria,
    ProvaAtto,
    VoceScouting,
)
from psp.services import atto, catalogo, misura, patto
from tests.cast import Cast, crea_cast
from tests.psp import scene, scene_agenda

SI = "ammesso"
RUOLI = ("operatore", "collega", "responsabile", "incrocio", "estraneo", "amministratore")


def regola(*valori: Any) -> dict[str, Any]:
    return dict(zip(RUOLI, valori, strict=True))


# One citizen's work: the office's operators and supervisors; matching sees the citizen (who consented) but not this.
LAVORO = regola(SI, SI, SI, 403, 404, 404)
# Propensioni and CV are matching's too, to read.
INCROCIO = regola(SI, SI, SI, SI, 404, 404)
SOLO_RESPONSABILE = regola(403, 403, SI, 403, 404, 404)
REVISIONE = regola(403, 403, SI, 403, 403, 403)
ACCOGLIENZA = regola(SI, SI, SI, 403, SI, 403)
CERCA = regola(SI, SI, SI, SI, SI, 403)
# An operator's own things: nobody else's, not even a supervisor's.
SUOI = regola(SI, 404, 404, 403, 404, 403)
AMMINISTRA = regola(403, 403, 403, 403, 403, SI)
TUTTI = regola(*[SI] * 6)
# The addresses with the key of a measure.
DI_MISURA = (
    "misura",
    "avvia_misura",
    "concludi_misura",
    "interrompi_misura",
    "dettagli_misura",
    "incontro_misura",
    "scouting",
)
LIBERI = {"salute", "anagrafica:accesso", "anagrafica:accesso_fatto"}
# The key is in the address itself: no login, and 404 for whoever has not got it.
SEGRETI = {"psp:calendario"}

DI_SEDUTA = (
    "psp:seduta",
    "psp:sposta_seduta",
    "psp:annulla_seduta",
    "psp:iscrivi",
    "psp:iscrivi_elenco",
    "psp:presenze",
    "psp:foglio_presenze",
)

# address → (rule to read, rule to write); None: the method is not served.
MATRICE: dict[str, tuple[dict[str, Any] | None, dict[str, Any] | None]] = {
    "psp:home": (TUTTI, None),
    "psp:utente": (INCROCIO, None),
    "psp:fascia": (LAVORO, None),
    "psp:apri_colloquio": (None, LAVORO),
    "psp:fase": (LAVORO, LAVORO),
    "psp:indice_fase": (LAVORO, None),
    "psp:imprese": (LAVORO, LAVORO),
    "psp:tempo": (None, LAVORO),
    "psp:incontri": (LAVORO, LAVORO),
    "psp:concludi_colloquio": (LAVORO, LAVORO),
    "psp:patto": (LAVORO, None),
    "psp:patto_pdf": (LAVORO, None),
    "psp:patto_scansione": (LAVORO, None),
    "psp:manda_in_revisione": (None, LAVORO),
    "psp:riporta_in_bozza": (None, LAVORO),
    "psp:registra_firma": (None, LAVORO),
    "psp:annulla_patto": (None, LAVORO),
    "psp:chiudi_patto": (None, LAVORO),
    "psp:nuovo_patto": (None, LAVORO),
    "psp:impegni": (None, LAVORO),
    "psp:profilazione": (None, LAVORO),
    "psp:atti": (None, LAVORO),
    "psp:atti_tipici": (None, LAVORO),
    "psp:riprendi_atti": (None, LAVORO),
    "psp:atto": (LAVORO, LAVORO),
    "psp:elimina_atto": (None, LAVORO),
    "psp:misure": (LAVORO, None),
    "psp:misura": (LAVORO, None),
    "psp:avvia_misura": (None, LAVORO),
    "psp:concludi_misura": (None, LAVORO),
    "psp:interrompi_misura": (None, LAVORO),
    "psp:dettagli_misura": (None, LAVORO),
    "psp:incontro_misura": (None, LAVORO),
    "psp:scouting": (None, LAVORO),
    "psp:voce_scouting": (LAVORO, LAVORO),
    "psp:misure_del_patto": (None, LAVORO),
    "psp:misura_del_patto": (None, LAVORO),
    "psp:elimina_misura": (None, LAVORO),
    "psp:agenda": (ACCOGLIENZA, None),
    "psp:agenda_giorno": (ACCOGLIENZA, None),
    "psp:nuova_seduta": (ACCOGLIENZA, regola(404, 404, 404, 403, 404, 403)),
    "psp:nuovo_gruppo": (ACCOGLIENZA, ACCOGLIENZA),
    "psp:orario": (ACCOGLIENZA, ACCOGLIENZA),
    "psp:chiusure": (ACCOGLIENZA, REVISIONE),
    "psp:togli_chiusura": (None, regola(403, 403, SI, 403, 403, 403)),
    "psp:calendario_privato": (ACCOGLIENZA, ACCOGLIENZA),
    "psp:seduta": (LAVORO, LAVORO),
    "psp:sposta_seduta": (LAVORO, LAVORO),
    "psp:annulla_seduta": (LAVORO, LAVORO),
    "psp:iscrivi": (LAVORO, regola(404, 404, 404, 403, 404, 404)),
    "psp:iscrivi_elenco": (None, LAVORO),
    "psp:presenze": (LAVORO, LAVORO),
    "psp:foglio_presenze": (LAVORO, None),
    "psp:togli_iscrizione": (None, LAVORO),
    "psp:giustificazione": (LAVORO, LAVORO),
    "psp:convocazione": (LAVORO, None),
    "psp:ics": (LAVORO, None),
    "psp:appuntamenti": (LAVORO, None),
    "psp:revisioni": (REVISIONE, None),
    "psp:revisione": (SOLO_RESPONSABILE, SOLO_RESPONSABILE),
    "anagrafica:ricerca": (CERCA, None),
    "anagrafica:nuovo_utente": (ACCOGLIENZA, ACCOGLIENZA),
    "anagrafica:leggi_codice_fiscale": (ACCOGLIENZA, ACCOGLIENZA),
    "anagrafica:suggerisci_comuni": (ACCOGLIENZA, None),
    "anagrafica:posta_in_uscita": (ACCOGLIENZA, None),
    "anagrafica:identita": (LAVORO, LAVORO),
    "anagrafica:passaggio": (SOLO_RESPONSABILE, SOLO_RESPONSABILE),
    "anagrafica:fascicolo": (LAVORO, None),
    "anagrafica:pannello_titoli": (LAVORO, None),
    "anagrafica:pannello_esperienze": (LAVORO, None),
    "anagrafica:pannello_lingue": (LAVORO, None),
    "anagrafica:pannello_competenze": (LAVORO, None),
    "anagrafica:pannello_altro": (LAVORO, None),
    "anagrafica:voce_nuova": (LAVORO, LAVORO),
    "anagrafica:voce_modifica": (LAVORO, LAVORO),
    "anagrafica:voce_elimina": (None, LAVORO),
    "anagrafica:presa_in_carico": (LAVORO, LAVORO),
    "anagrafica:did": (LAVORO, LAVORO),
    "anagrafica:stato_did": (None, LAVORO),
    "anagrafica:soggiorno": (LAVORO, LAVORO),
    "anagrafica:registro_utente": (SOLO_RESPONSABILE, None),
    "anagrafica:amministrazione": (AMMINISTRA, None),
    "anagrafica:amministrazione_elenco": (AMMINISTRA, None),
    "anagrafica:amministrazione_nuovo": (AMMINISTRA, AMMINISTRA),
    "anagrafica:amministrazione_modifica": (AMMINISTRA, AMMINISTRA),
    "anagrafica:amministrazione_password": (None, AMMINISTRA),
    "anagrafica:chiudi_presa_in_carico": (None, LAVORO),
    "anagrafica:revoca_consenso": (None, LAVORO),
    "anagrafica:esprimi_consenso": (None, LAVORO),
    "propensioni:anteprima_nota": (None, CERCA),
    "anagrafica:uscita": (None, TUTTI),
    "propensioni:pannello": (INCROCIO, None),
    "propensioni:nuova": (LAVORO, LAVORO),
    "propensioni:modifica": (LAVORO, LAVORO),
    "propensioni:elimina": (LAVORO, LAVORO),
    "propensioni:cerca_professioni": (CERCA, None),
    "curriculum:pannello": (INCROCIO, None),
    "curriculum:carica": (LAVORO, LAVORO),
    "curriculum:importa": (LAVORO, LAVORO),
    "curriculum:componi": (LAVORO, LAVORO),
    "curriculum:componi_anteprima": (None, LAVORO),
    "curriculum:come_cancellare": (LAVORO, None),
    "curriculum:scarica": (INCROCIO, None),
    "curriculum:cancella": (LAVORO, LAVORO),
    "curriculum:scadenze": (ACCOGLIENZA, ACCOGLIENZA),
    "curriculum:rimanda_avviso": (None, LAVORO),
    "curriculum:registrazioni": (ACCOGLIENZA, ACCOGLIENZA),
    "curriculum:trasferimenti": (ACCOGLIENZA, None),
    "curriculum:luoghi": (INCROCIO, None),
    "curriculum:trasferisci": (LAVORO, LAVORO),
    "curriculum:sollecita": (LAVORO, LAVORO),
    "curriculum:controlla": (LAVORO, LAVORO),
    "curriculum:rimuovi": (LAVORO, LAVORO),
    "curriculum:annulla_trasferimento": (LAVORO, LAVORO),
    "psp:promemoria": (None, ACCOGLIENZA),
    "psp:promemoria_fatto": (None, SUOI),
    "psp:salva_filtro": (None, ACCOGLIENZA),
    "psp:togli_filtro": (None, SUOI),
    "psp:affida": (REVISIONE, REVISIONE),
    "psp:passa_giorni": (None, REVISIONE),
    "psp:attivita": (LAVORO, None),
    "psp:registra_prova": (LAVORO, LAVORO),
    "psp:verifica_prova": (LAVORO, LAVORO),
    "psp:scarica_prova": (LAVORO, None),
    "psp:registra_contatto": (LAVORO, LAVORO),
    "psp:risposta_impresa": (LAVORO, LAVORO),
}


def indirizzi() -> dict[str, list[str]]:
    """Every named address of the application: name → the arguments it takes."""
    trovati: dict[str, list[str]] = {}

    def cammina(nodi: list[URLPattern | URLResolver], spazio: str) -> None:
        for nodo in nodi:
            if isinstance(nodo, URLResolver):
                cammina(nodo.url_patterns, f"{nodo.namespace}:" if nodo.namespace else spazio)
            else:
                trovati[f"{spazio}{nodo.name}"] = list(nodo.pattern.converters)

    cammina(get_resolver().url_patterns, "")
    return trovati


INDIRIZZI = indirizzi()


def test_every_address_stands_in_the_matrix() -> None:
    assert set(INDIRIZZI) - LIBERI - SEGRETI == set(MATRICE)


@dataclass
class Mondo:
    """A cast at work: an interview told and analysed, a draft pact with an act and a measure, a CV."""

    cast: Cast
    patto: PattoDiServizio
    argomenti: dict[str, Any]
    per_nome: dict[str, int]

    def url(self, nome: str) -> str:
        valori = {a: self.argomenti[a] for a in INDIRIZZI[nome] if a != "pk"}
        if "pk" in INDIRIZZI[nome]:
            valori["pk"] = self.per_nome.get(nome, self.per_nome.get(nome.partition(":")[0], 0))
        return reverse(nome, kwargs=valori)


@pytest.fixture(scope="module")
def mondo(django_db_setup: None, django_db_blocker: Any) -> Iterator[Mondo]:
    """Built once for all the addresses: every request is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield crea_mondo()
        transaction.set_rollback(True)


def crea_mondo() -> Mondo:
    cast = crea_cast()
    catalogo.carica_catalogo()
    colloquio = scene.analizzato(cast)
    bozza = patto.prepara_bozza(colloquio=colloquio, attore=cast.operatore, adesso=adesso())
    atti = atto.aggiungi_atti_tipici(patto=bozza, chiavi=["candidature"], attore=cast.operatore, adesso=adesso())
    misure = misura.aggiungi_misure(
        patto=bozza, chiavi=["colloquio-patto", "scouting"], attore=cast.operatore, adesso=adesso()
    )
    titolo = TitoloStudio.objects.create(utente=cast.utente, livello=4, descrizione="Diploma", anno=2010)
    did = DID.objects.create(
        utente=cast.utente, data=oggi(), programma=Programma.objects.filter(chiave="nessuno").latest("valido_dal")
    )
    cv = Curriculum(
        utente=cast.utente,
        origine="portato",
        nome_originale="cv.pdf",
        sha256="0" * 64,
        dimensione=1,
        pagine=1,
        caricato_il=adesso(),
        caricato_da=cast.operatore,
        valido_fino_al=oggi(),
    )
    cv.file.save("cv.pdf", ContentFile(b"%PDF-1.7"))
    inizio = scene_agenda.alle(9, giorno=scene_agenda.feriale(oggi() + dt.timedelta(days=1)))
    seduta = scene_agenda.gruppo(cast, inizio, inizio + dt.timedelta(hours=1), adesso=adesso())
    iscrizione = scene_agenda.iscrivi(cast, seduta, cast.utente, adesso=adesso())
    chiusura = ChiusuraUfficio.objects.create(cpi=cast.cpi, dal=oggi(), al=oggi(), motivo="Patrono")
    trasferimento = Trasferimento.objects.create(
        utente=cast.utente,
        operazione="invio",
        curriculum=cv,
        creato_il=adesso(),
        creato_da=cast.operatore,
        avviso_accettato_il=adesso(),
        avviso_versione="1",
        prossimo_il=adesso(),
    )
    mostrato = bozza.atti.create(tipo="utente", descrizione="Iscriversi a due agenzie")
    prova = ProvaAtto(atto=mostrato, modo="documento", fatto_il=oggi(), descrizione="Elenco", sha256="0" * 64)
    prova.registrata_il, prova.registrata_da = adesso(), cast.operatore
    prova.file.save("prova.pdf", ContentFile(b"%PDF-1.7"))
    contatto = ContattoImpresa.objects.create(
        utente=cast.utente, impresa="Officine Rossi", data=oggi(), modo="posta", registrato_da=cast.operatore
    )
    promemoria = Promemoria.objects.create(operatore=cast.operatore, giorno=oggi(), testo="Sì", creato_il=adesso())
    filtro = FiltroSalvato.objects.create(operatore=cast.operatore, nome="Presto")
    return Mondo(
        cast=cast,
        patto=bozza,
        argomenti={
            "utente_id": cast.utente.pk,
            "colloquio_id": colloquio.pk,
            "fase": 2,
            "atto_id": atti[0].pk,
            "misura_id": misure[0].pk,
            "sezione": "titoli",
            "tabella": "centri",
            "finalita": "comunicazioni",
            "data": oggi().isoformat(),
        },
        per_nome={
            **dict.fromkeys(DI_SEDUTA, seduta.pk),
            **dict.fromkeys(("psp:togli_iscrizione", "psp:convocazione", "psp:ics"), iscrizione.pk),
            "psp:giustificazione": scene_agenda.assenza_giustificata(cast).pk,
            "psp:togli_chiusura": chiusura.pk,
            "psp": bozza.pk,
            **{f"psp:{nome}": misure[0].pk for nome in DI_MISURA},
            "psp:voce_scouting": VoceScouting.objects.create(
                misura=misure[1], genere="offerta", impresa="Filati", data=oggi(), registrata_da=cast.operatore
            ).pk,
            "psp:registra_prova": atti[0].pk,
            "psp:verifica_prova": prova.pk,
            "psp:scarica_prova": prova.pk,
            "psp:risposta_impresa": contatto.pk,
            "psp:promemoria_fatto": promemoria.pk,
            "psp:togli_filtro": filtro.pk,
            "propensioni": Propensione.objects.get(utente=cast.utente).pk,
            "curriculum": cv.pk,
            "curriculum:annulla_trasferimento": trasferimento.pk,
            "curriculum:rimanda_avviso": cast.utente.messaggi.create(
                causale="scadenza-curriculum:1:0", destinatario="a@example.org", stato="rifiutato", creato_il=adesso()
            ).pk,
            "anagrafica:voce_modifica": titolo.pk,
            "anagrafica:voce_elimina": titolo.pk,
            "anagrafica:stato_did": did.pk,
            "anagrafica:amministrazione_modifica": CPI.objects.first().pk,
            "anagrafica:amministrazione_password": cast.collega.pk,
            "anagrafica:chiudi_presa_in_carico": cast.utente.prese_in_carico.first().pk,
            "anagrafica:revoca_consenso": cast.utente.consensi.first().pk,
        },
    )


def chiedi(client: Client, metodo: str, url: str) -> HttpResponse:
    """One request that leaves nothing behind."""
    with transaction.atomic():
        risposta = getattr(client, metodo)(url)
        transaction.set_rollback(True)
    return risposta


@pytest.mark.parametrize("nome", sorted(MATRICE))
def test_roles(mondo: Mondo, nome: str) -> None:
    url = mondo.url(nome)
    for metodo, attesi in zip(("get", "post"), MATRICE[nome], strict=True):
        for ruolo in RUOLI:
            stato = chiedi(mondo.cast.client(ruolo), metodo, url).status_code
            if attesi is None:
                # A stranger is told nothing even of methods that are not served.
                assert stato in (405, 403, 404), (metodo, ruolo, stato)
            elif attesi[ruolo] == SI:
                senza_copia = 404 if nome == "psp:patto_scansione" else 200
                assert stato in (200, 204, 302, senza_copia, 409, 422), (metodo, ruolo, stato)
            else:
                assert stato == attesi[ruolo], (metodo, ruolo, stato)


@pytest.mark.parametrize("nome", sorted(set(MATRICE) - {"anagrafica:uscita"}))
def test_nobody_without_login(mondo: Mondo, nome: str) -> None:
    """A page leads to the login; a part of a page answers 401, so that it never lands inside another page."""
    url = mondo.url(nome)
    if MATRICE[nome][0] is None:
        assert Client().post(url, headers={"HX-Request": "true"}).status_code == 401
        return
    pagina = Client().get(url)
    assert pagina.status_code == 302
    assert pagina["Location"].startswith(reverse("anagrafica:accesso"))
    assert Client().get(url, headers={"HX-Request": "true"}).status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize("nome", sorted(LIBERI))
def test_what_is_open_to_all(nome: str) -> None:
    assert Client().get(reverse(nome)).status_code in (200, 503)


@pytest.mark.django_db
@pytest.mark.parametrize("nome", sorted(SEGRETI))
def test_a_secret_address_is_not_guessed(nome: str) -> None:
    argomenti = dict.fromkeys(INDIRIZZI[nome], "indovinato")
    assert Client().get(reverse(nome, kwargs=argomenti)).status_code == 404

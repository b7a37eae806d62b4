"""Four hundred participants in one file: what came of each line, in bounded time and queries, all or none."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orientamento.anagrafica.models import Messaggio, Utente
from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from psp.models import Iscrizione
from psp.services import agenda
from psp.services.agenda import elenco
from tests.cast import Cast, crea_utente, dati_persona
from tests.psp.scene_agenda import ADESSO, alle, feriale, fissa, gruppo, iscrivi, misura_firmata, persona

pytestmark = pytest.mark.django_db


def righe(*codici: str) -> list[tuple[int, str]]:
    return list(enumerate(codici, start=1))


def molti(cast: Cast, quanti: int) -> list[Utente]:
    """Invented citizens, quickly: the same person over and over, with other codes."""
    base = {**dati_persona(), "cpi": cast.cpi, "operatore_riferimento": cast.operatore}
    return Utente.objects.bulk_create(
        Utente(**{**base, "codice_fiscale": f"{n:011d}", "email": f"p{n}@esempio.it"}) for n in range(1, quanti + 1)
    )


class TestLettura:
    @pytest.mark.parametrize(
        "contenuto",
        [
            b"RSSMRA80A01H501U\nvrdlra85b41h501x\n",
            b"\xef\xbb\xbfCognome;Codice fiscale\nRossi;RSSMRA80A01H501U\nVerdi;VRDLRA85B41H501X\n",
            b"codice_fiscale,nome\r\nRSSMRA80A01H501U,Mario\r\n\r\nVRDLRA85B41H501X,Laura\r\n",
            "Nome\tCF\nNicolò\tRSSMRA80A01 H501U\nLaura\tVRDLRA85B41H501X\n".encode("cp1252"),
            b"sep=;\r\nCognome;CF\r\nRossi;RSSMRA80A01H501U\r\nVerdi;VRDLRA85B41H501X\r\n",
        ],
        ids=["senza titoli", "punto e virgola", "virgola", "tabulazioni, vecchia codifica", "separatore dichiarato"],
    )
    def test_the_column_of_the_codes_is_found(self, contenuto: bytes) -> None:
        assert [codice for _, codice in agenda.leggi_elenco(contenuto)] == ["RSSMRA80A01H501U", "VRDLRA85B41H501X"]

    @pytest.mark.parametrize(
        ("contenuto", "detto"),
        [
            (b"", "vuoto"),
            (b"codice fiscale\n", "vuoto"),
            (b"PK\x03\x04\x00\x00", "non è un CSV"),
            (b"A\n" * 1001, "1001 righe"),
            (b"x" * 200_001, "troppo grande"),
        ],
    )
    def test_what_is_no_list_is_refused_in_words(self, contenuto: bytes, detto: str) -> None:
        with pytest.raises(RegolaViolata, match=detto):
            agenda.leggi_elenco(contenuto)


class TestIscrizione:
    def test_each_line_has_its_outcome(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(12), posti=2)
        gia, nuova, impegnata, attesa = (persona(cast) for _ in range(4))
        altrui = crea_utente(cast.altro_cpi)
        iscrivi(cast, seduta, gia)
        fissa(cast, alle(10), alle(11), utente=impegnata, operatore=cast.collega, titolo="Tirocinio")
        esiti = agenda.iscrivi_elenco(
            seduta=seduta,
            righe=righe(
                gia.codice_fiscale,
                nuova.codice_fiscale,
                nuova.codice_fiscale,
                impegnata.codice_fiscale,
                attesa.codice_fiscale,
                altrui.codice_fiscale,
                "ZZZZZZ99Z99Z999Z",
                "ROSSI MARIO",
            ),
            attore=cast.operatore,
            adesso=ADESSO,
        )
        assert [e.esito for e in esiti] == [
            elenco.PRESENTE,
            elenco.ISCRITTA,
            elenco.DOPPIA,
            elenco.IMPEGNATA,
            elenco.IN_LISTA,
            elenco.IGNOTA,
            elenco.IGNOTA,
            elenco.MALE,
        ]
        assert "Tirocinio" in esiti[3].spiegazione
        # Of another office's citizen nothing is told, not even that there is a file.
        assert (esiti[5].nome, esiti[5].spiegazione) == (esiti[6].nome, esiti[6].spiegazione)
        assert seduta.iscrizioni.count() == 3

    def test_twice_the_same_file_books_nobody_twice(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(12), posti=400)
        codici = righe(*(u.codice_fiscale for u in molti(cast, 5)))
        for fatti in (5, 0):
            esiti = agenda.iscrivi_elenco(seduta=seduta, righe=codici, attore=cast.operatore, adesso=ADESSO)
            assert sum(e.fatto for e in esiti) == fatti
        assert Messaggio.objects.filter(causale__startswith="appuntamento:").count() == 5

    def test_behind_those_who_wait_nobody_is_passed(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(12), posti=1)
        prima = iscrivi(cast, seduta, persona(cast))
        attesa = iscrivi(cast, seduta, persona(cast))
        Iscrizione.objects.filter(pk=prima.pk).update(stato="annullata", posto=None, motivo="x")
        (esito,) = agenda.iscrivi_elenco(
            seduta=seduta, righe=righe(persona(cast).codice_fiscale), attore=cast.operatore, adesso=ADESSO
        )
        assert esito.esito == elenco.IN_LISTA
        attesa.refresh_from_db()
        assert (attesa.stato, attesa.posto) == ("prenotata", 1)

    def test_who_has_the_measure_of_its_service_comes_for_it(self, cast: Cast) -> None:
        """The minutes of a workshop count for the measure however the person was booked (C2)."""
        misura = misura_firmata(cast)
        seduta = gruppo(cast, alle(9), alle(12), servizio=misura.servizio)
        agenda.iscrivi_elenco(
            seduta=seduta,
            righe=righe(cast.utente.codice_fiscale, persona(cast).codice_fiscale),
            attore=cast.operatore,
            adesso=ADESSO,
        )
        assert list(seduta.iscrizioni.order_by("posto").values_list("misura", flat=True)) == [misura.pk, None]

    def test_four_hundred_in_few_queries(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(12), posti=300)
        dieci, molti_altri = molti(cast, 410)[:10], Utente.objects.order_by("-pk")[:400]
        with CaptureQueriesContext(connection) as poche:
            agenda.iscrivi_elenco(
                seduta=gruppo(cast, alle(15), alle(16), posti=20),
                righe=righe(*(u.codice_fiscale for u in dieci)),
                attore=cast.operatore,
                adesso=ADESSO,
            )
        inizio = time.monotonic()
        with CaptureQueriesContext(connection) as tante:
            esiti = agenda.iscrivi_elenco(
                seduta=seduta,
                righe=righe(*(u.codice_fiscale for u in molti_altri)),
                attore=cast.operatore,
                adesso=ADESSO,
            )
        assert time.monotonic() - inizio < 20
        assert len(tante) < len(poche) + 10, (len(poche), len(tante))
        assert sum(e.esito == elenco.ISCRITTA for e in esiti) == 300
        assert sum(e.esito == elenco.IN_LISTA for e in esiti) == 100
        assert Evento.objects.filter(azione=Azione.ISCRIZIONE_AGGIUNTA).count() == 410
        assert Messaggio.objects.filter(causale__startswith="appuntamento:").count() == 310

    def test_a_group_that_has_been_cancelled(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(12))
        agenda.annulla_seduta(seduta=seduta, motivo="x", versione=1, attore=cast.operatore, adesso=ADESSO)
        with pytest.raises(RegolaViolata, match="ancora da tenere"):
            agenda.iscrivi_elenco(
                seduta=seduta, righe=righe(cast.utente.codice_fiscale), attore=cast.operatore, adesso=ADESSO
            )


def test_the_page_says_what_happened_to_each_line(cast: Cast) -> None:
    giorno = feriale(oggi() + dt.timedelta(days=1))
    seduta = gruppo(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), adesso=adesso())
    client = cast.client("operatore")
    file = SimpleUploadedFile("iscritti.csv", f"{cast.utente.codice_fiscale}\nXXX\n".encode(), "text/csv")
    pagina = client.post(reverse("psp:iscrivi_elenco", args=[seduta.pk]), {"file": file})
    testo = pagina.content.decode()
    assert pagina.status_code == 200
    assert "1 persona aggiunta" in testo
    assert elenco.MALE in testo
    vuoto = client.post(reverse("psp:iscrivi_elenco", args=[seduta.pk]), {"file": SimpleUploadedFile("x.csv", b"\n")})
    assert vuoto.status_code == 422
    assert "Il file è vuoto" in vuoto.content.decode()

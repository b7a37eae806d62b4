"""The database keeps the worklist as its rule says, whoever writes what the rule reads (decision 018).

That it does after every service is looked at after every test of the project: `lavoro_giusto` in `tests/conftest.py`.
"""

from __future__ import annotations

import datetime as dt
import io
import threading
from collections.abc import Generator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from curriculum.models import Curriculum, Trasferimento
from curriculum.services.elenchi import RIFIUTATI_RECENTI
from curriculum.services.scadenze import DOPO, PREAVVISO
from orientamento.anagrafica.models import DID, Programma
from orientamento.comune.calendario import adesso, oggi
from orientamento.registro.models import Evento
from psp.models import Appuntamento, PattoDiServizio, Servizio, VoceDiLavoro
from psp.services.lavoro.elenco import rifai_lavoro
from psp.tasks import rifai_lavoro as giro_notturno
from tests.cast import Cast, crea_cast, crea_utente, metti_in_carico
from tests.psp import scene_patto
from tests.psp.scene_agenda import fissa


def voci(cast: Cast, genere: str) -> list[VoceDiLavoro]:
    connection.check_constraints()
    return list(VoceDiLavoro.objects.filter(utente=cast.utente, genere=genere))


@pytest.mark.django_db
class TestRegola:
    def test_more_days_for_a_programme_change_the_term_of_whoever_is_in_it(self, cast: Cast) -> None:
        """U3: the days are those of the programme."""
        programma = Programma.objects.filter(chiave="naspi").latest("valido_dal")
        DID.objects.create(utente=cast.utente, data=oggi(), programma=programma)
        assert [v.scade for v in voci(cast, "patto")] == [oggi() + dt.timedelta(days=programma.giorni_per_patto)]
        Programma.objects.filter(pk=programma.pk).update(giorni_per_patto=20, nome="NASpI e altro")
        voce = voci(cast, "patto")[0]
        assert (voce.scade, voce.parole[-13:]) == (oggi() + dt.timedelta(days=20), "NASpI e altro")

    def test_a_service_with_another_name_changes_the_words(self, cast: Cast) -> None:
        scene_patto.firmato(cast)
        voce = voci(cast, "misura")[0]
        Servizio.objects.update(nome="Nome nuovo")
        assert voci(cast, "misura")[0].parole == f"{voce.parole.partition(' ')[0]} Nome nuovo"

    def test_who_leaves_the_office_or_the_operator_takes_the_lines_along(self, cast: Cast) -> None:
        """A1"""
        assert {(v.cpi_id, v.operatore_id) for v in voci(cast, "fermo")} == {(cast.cpi.pk, cast.operatore.pk)}
        type(cast.utente).objects.filter(pk=cast.utente.pk).update(cpi=cast.altro_cpi, operatore_riferimento=None)
        assert {(v.cpi_id, v.operatore_id) for v in voci(cast, "fermo")} == {(cast.altro_cpi.pk, None)}

    def test_nothing_is_due_of_who_is_not_in_charge(self, cast: Cast) -> None:
        assert voci(cast, "fermo")
        cast.utente.prese_in_carico.update(chiusa_il=oggi())
        assert voci(cast, "fermo") == []

    def test_what_the_system_writes_by_itself_is_nobodys_work(self, cast: Cast) -> None:
        """What the portal answers, or a look at it finds, leaves a case as still as it is."""
        dati = {"utente": cast.utente, "quando": adesso() + dt.timedelta(days=3), "attore_nome": "x"}
        Evento.objects.create(azione="cambiato_sul_portale", **dati)
        assert [v.scade for v in voci(cast, "fermo")] == [oggi()]
        Evento.objects.create(azione="did_modificata", attore=cast.operatore, **dati)
        assert [v.scade for v in voci(cast, "fermo")] == [oggi() + dt.timedelta(days=3)]

    def test_the_list_of_cvs_and_the_worklist_open_and_close_on_the_same_day(self, cast: Cast) -> None:
        """V4, V6: the numbers of `curriculum_dovuto` are those of the CV's services."""
        fine = oggi() + dt.timedelta(days=100)
        dati = {"origine": "portato", "nome_originale": "cv.pdf", "sha256": "0" * 64, "dimensione": 1, "pagine": 1}
        cv = {"caricato_il": adesso(), "caricato_da": cast.operatore, "valido_fino_al": fine}
        Curriculum.objects.create(utente=cast.utente, **cv, **dati)
        chiuso = {"stato": "rifiutato", "creato_il": adesso(), "chiuso_il": adesso(), "motivo": "Manca il profilo."}
        Trasferimento.objects.create(utente=cast.utente, operazione="rimozione", creato_da=cast.operatore, **chiuso)
        assert [(v.dal, v.al) for v in voci(cast, "curriculum")] == [
            (fine - dt.timedelta(days=PREAVVISO), fine + dt.timedelta(days=DOPO))
        ]
        assert [(v.dal, v.al) for v in voci(cast, "rifiuto")] == [(oggi(), oggi() + RIFIUTATI_RECENTI)]


@pytest.mark.django_db
class TestGiroNotturno:
    def test_it_finds_nothing_to_mend(self, cast: Cast) -> None:
        scene_patto.firmato(cast)
        metti_in_carico(crea_utente(cast.cpi), cast.operatore)
        connection.check_constraints()
        assert rifai_lavoro() == 0

    def test_it_is_a_command_too(self, cast: Cast) -> None:
        """Whoever runs the nightly works by a timer of their own finds each among the commands."""
        scene_patto.firmato(cast)
        connection.check_constraints()
        VoceDiLavoro.objects.filter(genere="scadenza").delete()
        detto = io.StringIO()
        call_command("rifai_lavoro", stdout=detto)
        assert "rifatte: 1." in detto.getvalue()
        assert rifai_lavoro() == 0

    def test_a_line_that_somebody_broke_is_mended_and_told(self, cast: Cast, caplog: Any) -> None:
        scene_patto.firmato(cast)
        connection.check_constraints()
        VoceDiLavoro.objects.filter(genere="fermo").update(parole="Rotta")
        VoceDiLavoro.objects.filter(genere="scadenza").delete()
        VoceDiLavoro.objects.filter(genere="misura").update(riga=999_999)
        giro_notturno()
        assert "4 voci" in caplog.text
        assert rifai_lavoro() == 0


class TestGare:
    """Two transactions write of one person what one line is made from: the second reads what the first wrote."""

    @pytest.fixture
    def cast(self, transactional_db: None) -> Cast:
        return crea_cast()

    @pytest.fixture
    def senza_blocco(self, cast: Cast) -> Generator[None]:
        """The control: the same function with its locks taken away."""
        with connection.cursor() as cursore:
            cursore.execute("SELECT pg_get_functiondef('psp_lavoro_rifai(bigint[])'::regprocedure)")
            com_e = cursore.fetchone()[0].replace("%", "%%")
            cursore.execute(com_e.replace("pg_advisory_xact_lock(1607, posto)", "posto"), [])
            yield
            cursore.execute(com_e, [])
        rifai_lavoro()

    def gara(self, cast: Cast) -> tuple[dt.date, dt.date]:
        """One writes a sitting of today, the other that the person came yesterday. Due when, and when it should be."""
        patto = scene_patto.firmato(cast)
        PattoDiServizio.objects.filter(pk=patto.pk).update(firmato_il=oggi() - dt.timedelta(days=20))
        Appuntamento.objects.filter(colloquio__utente=cast.utente).update(data=oggi() - dt.timedelta(days=20))
        ieri = adesso() - dt.timedelta(days=1)
        iscrizione = fissa(cast, ieri, ieri + dt.timedelta(minutes=30), adesso=ieri - dt.timedelta(days=1))
        scritto, fatto = threading.Event(), threading.Event()

        def altro() -> None:
            try:
                scritto.wait(20)
                type(iscrizione).objects.filter(pk=iscrizione.pk).update(stato="presente", minuti=30)
            finally:
                fatto.set()
                connection.close()

        filo = threading.Thread(target=altro)
        filo.start()
        with transaction.atomic():
            Appuntamento.objects.filter(colloquio__utente=cast.utente).update(data=oggi())
            connection.check_constraints()  # the lines are made, and nobody sees them yet
            scritto.set()
            assert not fatto.wait(1)  # the other waits for us, by the lock or by the row
        filo.join(20)
        with connection.cursor() as cursore:
            cursore.execute("SELECT psp_prossima_volta('mensile', %s)", [oggi()])
            return VoceDiLavoro.objects.get(genere="contatto").scade, cursore.fetchone()[0]

    def test_the_line_knows_of_both(self, cast: Cast) -> None:
        scade, attesa = self.gara(cast)
        assert scade == attesa

    def test_without_the_lock_it_would_know_of_one(self, cast: Cast, senza_blocco: None) -> None:
        scade, attesa = self.gara(cast)
        assert scade < attesa

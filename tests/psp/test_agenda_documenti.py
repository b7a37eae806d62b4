"""What leaves the agenda: letter, sheet, calendars. A citizen's papers name nobody else."""

from __future__ import annotations

import datetime as dt
import io
import re

import page as validatore
import pikepdf
import pypdfium2 as pdfium
import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from orientamento.anagrafica.models import CPI, Operatore, Ruolo
from orientamento.comune.calendario import adesso
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from psp.documento_agenda.stampe import convocazione_pdf, foglio_pdf
from psp.models import CalendarioPrivato, Iscrizione, MotivoAssenza, Seduta
from psp.services import agenda
from psp.services.agenda.calendario import crea_calendario, ics_dell_iscrizione, ics_dell_operatore, iniziali
from psp.services.agenda.giorni import ROMA
from tests.cast import Cast
from tests.psp.scene_agenda import ADESSO, alle, feriale, fissa, gruppo, iscrivi, persona, sala

pytestmark = pytest.mark.django_db


def scritto_in(pdf: bytes) -> str:
    return "".join(p.get_textpage().get_text_bounded() for p in pdfium.PdfDocument(pdf)).replace("\r\n", "\n")


def pagine_di(pdf: bytes) -> list[str]:
    return [compatto(p.get_textpage().get_text_bounded()) for p in pdfium.PdfDocument(pdf)]


def compatto(scritto: str) -> str:
    return "".join(scritto.split())


def evento(ics: bytes) -> tuple[Calendar, object]:
    calendario = Calendar.from_ical(ics)
    (uno,) = calendario.walk("VEVENT")
    return calendario, uno


class TestConvocazione:
    def test_one_page_with_all_that_is_needed_and_no_other_name(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(12), luogo=sala(cast), programma="Prima parte.\nSeconda parte.")
        altra = persona(cast, cognome="Zebedei")
        iscrivi(cast, seduta, altra)
        iscrizione = iscrivi(cast, seduta, cast.utente)
        pdf = convocazione_pdf(iscrizione, adesso=ADESSO)
        scritto = compatto(scritto_in(pdf))
        assert len(pdfium.PdfDocument(pdf)) == 1
        for parte in (
            f"{cast.utente.nome} {cast.utente.cognome}",
            cast.utente.domicilio_indirizzo,
            "martedì 24/11/2026",
            "dalle 9:00 alle 12:00",
            "Sala corsi",
            "Laboratorio CV",
            "Seconda parte.",
            "art. 21, comma 7",
            *(nome[1:] for nome in MotivoAssenza.labels),
        ):
            assert compatto(parte) in scritto, parte
        assert "Zebedei" not in scritto

    def test_it_points_to_the_contacts_only_where_the_office_has_some(self, cast: Cast) -> None:
        iscrizione = fissa(cast, alle(9), alle(10))
        CPI.objects.filter(pk=cast.cpi.pk).update(telefono="", email="")
        assert "recapiti in testa" not in " ".join(scritto_in(convocazione_pdf(iscrizione, adesso=ADESSO)).split())
        CPI.objects.filter(pk=cast.cpi.pk).update(telefono="0574 111222")
        iscrizione = Iscrizione.objects.get(pk=iscrizione.pk)
        assert "recapiti in testa" in " ".join(scritto_in(convocazione_pdf(iscrizione, adesso=ADESSO)).split())

    def test_who_waits_is_told_not_to_come_yet(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(12), posti=1)
        iscrivi(cast, seduta, persona(cast))
        scritto = scritto_in(convocazione_pdf(iscrivi(cast, seduta, cast.utente), adesso=ADESSO))
        assert "Iscrizione in lista d'attesa" in scritto
        assert "Se non viene" not in scritto

    def test_it_is_archivable_and_accessible(self, cast: Cast) -> None:
        pdf = convocazione_pdf(fissa(cast, alle(9), alle(10)), adesso=ADESSO)
        for profilo in ("3a", "ua1"):
            esito = validatore.validate_pdf_bytes(pdf, profile=profilo)
            assert esito.is_compliant, [(f.rule_id, f.message) for f in esito.failures]
        with pikepdf.open(io.BytesIO(pdf)) as documento:
            assert str(documento.Root.Lang) == "it"
            assert bool(documento.Root.MarkInfo.Marked)

    def test_the_print_is_one_line_of_the_register(self, cast: Cast) -> None:
        iscrizione = fissa(cast, alle(9), alle(10))
        risposta = cast.client("operatore").get(reverse("psp:convocazione", args=[iscrizione.pk]))
        assert risposta["Content-Type"] == "application/pdf"
        assert Evento.objects.filter(azione=Azione.CONVOCAZIONE_STAMPATA, utente=cast.utente).count() == 1

    def test_a_cancelled_booking_has_none(self, cast: Cast) -> None:
        iscrizione = fissa(cast, alle(9), alle(10))
        agenda.annulla_seduta(seduta=iscrizione.seduta, motivo="x", versione=1, attore=cast.operatore, adesso=ADESSO)
        assert cast.client("operatore").get(reverse("psp:convocazione", args=[iscrizione.pk])).status_code == 302


class TestFoglio:
    RISERVATO = compatto("Riservato all'ufficio: non si mostra ai partecipanti")

    def test_the_list_is_marked_on_every_page_and_codes_are_masked(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(12), posti=60)
        iscritti = [iscrivi(cast, seduta, persona(cast)) for _ in range(45)]
        pagine = pagine_di(foglio_pdf(seduta, iscritti, adesso=ADESSO))
        elenco = [p for p in pagine if self.RISERVATO in p]
        assert len(elenco) > 1
        assert pagine[: len(elenco)] == elenco
        # The last page of the list may hold only the signature of who held the meeting.
        assert all("Presente" in p for p in elenco[:-1])
        for parte in ("".join(elenco), "".join(pagine[len(elenco) :])):
            for iscrizione in iscritti:
                assert parte.count(compatto(str(iscrizione.utente))) >= 1
                assert iscrizione.utente.codice_fiscale not in parte
                assert re.search(rf"(…|\.\.\.){iscrizione.utente.codice_fiscale[-4:]}", parte)

    def test_each_signs_a_slip_that_is_whole_and_names_nobody_else(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(12), posti=12, luogo=sala(cast), titolo="Laboratorio di prova")
        iscritti = [iscrivi(cast, seduta, persona(cast, cognome=f"Nomelungo{n}")) for n in "ABCDEFG"]
        pagine = [p for p in pagine_di(foglio_pdf(seduta, iscritti, adesso=ADESSO)) if self.RISERVATO not in p]
        for pagina in pagine:
            # Nothing of a slip goes over to the next page.
            nomi = pagina.count("Nomelungo") + pagina.count("Cognomeenome:")
            assert nomi == pagina.count("Entrata") == pagina.count("Uscita") == pagina.count("Codicefiscale")
        tagliandi = re.split("Nomelungo|Cognomeenome:", "".join(pagine))[1:]
        assert len(tagliandi) == len(iscritti) + 3
        for tagliando in tagliandi:
            for parte in ("Laboratorio di prova", "martedì 24/11/2026", "dalle 9:00 alle 12:00", "Sala corsi", "Firma"):
                assert compatto(parte) in tagliando, parte

    def test_it_is_archivable_and_accessible_also_empty(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(12))
        for iscritti in ([], [iscrivi(cast, seduta, cast.utente)]):
            pdf = foglio_pdf(seduta, iscritti, adesso=ADESSO)
            assert validatore.is_pdf_compliant_bytes(pdf, profile="3a")
            assert validatore.is_pdf_compliant_bytes(pdf, profile="ua1")


class TestIcs:
    def test_the_citizen_s_appointment(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(12), luogo=sala(cast))
        iscrivi(cast, seduta, persona(cast, cognome="Zebedei"))
        iscrizione = iscrivi(cast, seduta, cast.utente)
        ics = ics_dell_iscrizione(iscrizione, ADESSO)
        calendario, uno = evento(ics)
        assert (calendario["METHOD"], uno["STATUS"], uno["SEQUENCE"]) == ("PUBLISH", "CONFIRMED", 0)
        assert uno.decoded("DTSTART") == alle(9)
        assert uno["DTSTART"].params["TZID"] == "Europe/Rome"
        assert [z["TZID"] for z in calendario.walk("VTIMEZONE")] == ["Europe/Rome"]
        assert b"Zebedei" not in ics

    def test_it_is_as_the_standards_want_it(self, cast: Cast) -> None:
        """RFC 5545: lines of 75 octets at most, no control characters. RFC 5546: who publishes is named."""
        cast.cpi.email, cast.cpi.nome = "cpi@example.org", "Centro di Prato; sede «à», 1"
        cast.cpi.save()
        seduta = gruppo(cast, alle(9), alle(12), titolo="Àncora; tu, \\\x01\x1b\U0001f600" + "è" * 100)
        Seduta.objects.filter(pk=seduta.pk).update(titolo="Riga uno\nriga\x07 due; " + "è" * 100)
        iscrizione = iscrivi(cast, Seduta.objects.get(pk=seduta.pk), cast.utente)
        ics = ics_dell_iscrizione(iscrizione, ADESSO)
        for byte in (ics, ics_dell_operatore(cast.operatore, ADESSO)):
            assert max(len(riga) for riga in byte.split(b"\r\n")) <= 75
            assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", byte)
            _, uno = evento(byte)
            assert str(uno["SUMMARY"]).startswith("Riga uno riga due; è")
            assert (uno["ORGANIZER"], uno["ORGANIZER"].params["CN"]) == ("mailto:cpi@example.org", cast.cpi.nome)

    def test_a_move_keeps_the_uid_and_raises_the_sequence(self, cast: Cast) -> None:
        iscrizione = fissa(cast, alle(9), alle(10))
        _, prima = evento(ics_dell_iscrizione(iscrizione, ADESSO))
        agenda.sposta_seduta(
            seduta=iscrizione.seduta,
            inizio=alle(15),
            fine=alle(16),
            motivo="x",
            versione=1,
            attore=cast.operatore,
            adesso=ADESSO,
        )
        fresca = Iscrizione.objects.select_related("seduta__cpi", "seduta__operatore", "seduta__luogo").get()
        _, dopo = evento(ics_dell_iscrizione(fresca, ADESSO))
        assert (dopo["UID"], int(dopo["SEQUENCE"])) == (prima["UID"], int(prima["SEQUENCE"]) + 1)
        agenda.annulla_seduta(seduta=fresca.seduta, motivo="x", versione=2, attore=cast.operatore, adesso=ADESSO)
        fresca = Iscrizione.objects.select_related("seduta__cpi", "seduta__operatore", "seduta__luogo").get()
        calendario, annullato = evento(ics_dell_iscrizione(fresca, ADESSO))
        assert (calendario["METHOD"], annullato["STATUS"]) == ("CANCEL", "CANCELLED")
        assert int(annullato["SEQUENCE"]) > int(dopo["SEQUENCE"])

    def test_a_summer_appointment_written_in_winter(self, cast: Cast) -> None:
        luglio = dt.date(2027, 7, 6)
        iscrizione = fissa(cast, alle(9, giorno=luglio), alle(10, giorno=luglio))
        calendario, uno = evento(ics_dell_iscrizione(iscrizione, ADESSO))
        assert uno.decoded("DTSTART").astimezone(ROMA).hour == 9
        passaggi = {str(n) for z in calendario.walk("VTIMEZONE") for n in (s.name for s in z.subcomponents)}
        assert passaggi == {"STANDARD", "DAYLIGHT"}


class TestCalendarioPrivato:
    def chiedi(self, gettone: str) -> int:
        return Client().get(reverse("psp:calendario", args=[gettone])).status_code

    def test_titles_and_initials_never_names(self, cast: Cast) -> None:
        fissa(cast, alle(9), alle(10), titolo="Consulenza")
        gruppo(cast, alle(11), alle(12))
        ics = ics_dell_operatore(cast.operatore, ADESSO).decode()
        assert f"Consulenza ({iniziali(str(cast.utente))})" in ics.replace("\r\n ", "")
        assert cast.utente.cognome not in ics
        assert "0 persone" in ics

    def test_it_needs_no_login_and_only_the_hash_is_kept(self, cast: Cast) -> None:
        gettone = crea_calendario(operatore=cast.operatore, adesso=ADESSO)
        risposta = Client().get(reverse("psp:calendario", args=[gettone]))
        assert risposta.status_code == 200
        assert risposta["Content-Type"].startswith("text/calendar")
        assert "no-store" in risposta["Cache-Control"]
        assert gettone not in str(CalendarioPrivato.objects.values().get())
        assert not [e for e in Evento.objects.all() if gettone in f"{e.dettaglio}{e.percorso}"]

    def test_it_dies_at_once_for_who_left_or_changed_role_or_renewed(self, cast: Cast) -> None:
        gettone = crea_calendario(operatore=cast.operatore, adesso=ADESSO)
        assert self.chiedi(gettone) == 200
        Operatore.objects.filter(pk=cast.operatore.pk).update(is_active=False)
        assert self.chiedi(gettone) == 404
        Operatore.objects.filter(pk=cast.operatore.pk).update(is_active=True, ruolo=Ruolo.INCROCIO)
        assert self.chiedi(gettone) == 404
        Operatore.objects.filter(pk=cast.operatore.pk).update(ruolo=Ruolo.OPERATORE)
        assert self.chiedi(gettone) == 200
        nuovo = crea_calendario(operatore=cast.operatore, adesso=ADESSO)
        assert (self.chiedi(gettone), self.chiedi(nuovo)) == (404, 200)

    @pytest.mark.parametrize("gettone", ["x", "..", "à", "%00", "a" * 3000])
    def test_a_wrong_secret_is_a_page_not_found(self, gettone: str) -> None:
        assert self.chiedi(gettone) == 404

    def test_the_page_shows_the_address_once(self, cast: Cast) -> None:
        client = cast.client("operatore")
        indirizzo = reverse("psp:calendario_privato")
        pagina = client.post(indirizzo).content.decode()
        percorso = pagina.partition("/calendario/")[2].partition(".ics")[0]
        assert self.chiedi(percorso) == 200
        assert "/calendario/" not in client.get(indirizzo).content.decode()
        client.post(indirizzo, {"togli": "1"})
        assert self.chiedi(percorso) == 404


def test_who_goes_to_another_office_takes_nothing_along_a1(cast: Cast) -> None:
    """Neither in the feed, whose address still works, nor on the page of the day."""
    giorno = feriale(adesso().date() + dt.timedelta(days=1))
    fissa(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), adesso=adesso(), titolo="Consulenza riservata")
    cast.operatore.cpi = cast.altro_cpi
    cast.operatore.save(update_fields=["cpi"])
    assert b"Consulenza riservata" not in ics_dell_operatore(cast.operatore, adesso())
    assert agenda.appuntamenti_di(cast.operatore, giorno, giorno) == []


def test_of_the_agenda_only_the_own_office_s(cast: Cast) -> None:
    giorno = feriale(adesso().date() + dt.timedelta(days=1))
    seduta = gruppo(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), adesso=adesso())
    assert cast.client("estraneo").get(reverse("psp:foglio_presenze", args=[seduta.pk])).status_code == 404
    assert Seduta.objects.visibili_a(cast.amministratore).count() == 0

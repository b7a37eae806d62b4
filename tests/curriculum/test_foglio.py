"""The sheet for the citizen: how to cancel the CV on the portal (V5)."""

from __future__ import annotations

import page as validatore
import pypdfium2 as pdfium
import pytest
from django.urls import reverse

from curriculum.models import Curriculum, LuogoCurriculum, PosizionePortale
from curriculum.services.composizione import pdf_del_foglio
from curriculum.services.curriculum import cancella_curriculum, salva_curriculum
from orientamento.comune.calendario import adesso
from tests.cast import Cast
from tests.curriculum.conftest import file_pdf
from tests.psp.test_documento_stampa import compatto, pagine

SUL_PORTALE = {
    "mai": LuogoCurriculum.IGNOTO,
    "resta": LuogoCurriculum.PRESENTE,
    "tolto": LuogoCurriculum.ASSENTE,
}


@pytest.fixture
def cancellato(pronto: Cast) -> Cast:
    salva_curriculum(utente=pronto.utente, file=file_pdf(), origine="portato", attore=pronto.operatore, adesso=adesso())
    cancella_curriculum(curriculum=Curriculum.objects.get(), attore=pronto.operatore)
    return pronto


def foglio(cast: Cast, caso: str) -> tuple[bytes, str]:
    PosizionePortale.objects.update_or_create(
        utente=cast.utente,
        defaults={"portale": SUL_PORTALE[caso], "portale_come": "confermato", "portale_visto_il": adesso()},
    )
    risposta = cast.client("operatore").get(reverse("curriculum:come_cancellare", args=[cast.utente.pk]))
    assert risposta["Content-Type"] == "application/pdf"
    return risposta.content, compatto("".join(pagine(risposta.content)))


@pytest.mark.parametrize(
    ("caso", "detto"),
    [
        ("mai", "non è mai stato trasferito a Toscana Lavoro"),
        ("resta", "può toglierlo soltanto la persona"),
        ("tolto", "Sul portale il curriculum non risulta più"),
    ],
)
def test_each_case_has_its_words_the_steps_and_the_office(cancellato, caso, detto):
    pdf, testo = foglio(cancellato, caso)
    oggi = f"{adesso():%d/%m/%Y}"
    for atteso in (
        detto,
        "Cancella il mio CV",
        "Archivio del centro per l'impiego",
        "Intuition",
        f"è stato cancellato il curriculum caricato il {oggi}",
        f"{cancellato.utente.nome} {cancellato.utente.cognome}",
        cancellato.cpi.nome,
    ):
        assert compatto(atteso) in testo
    assert cancellato.utente.codice_fiscale not in testo
    assert len(pdfium.PdfDocument(pdf)) == 1


@pytest.mark.parametrize("profilo", ["3a", "ua1"])
def test_it_is_pdf_a_and_pdf_ua(cancellato, profilo):
    esito = validatore.validate_pdf_bytes(foglio(cancellato, "resta")[0], profile=profilo)
    assert esito.is_compliant, [(f.rule_id, f.message) for f in esito.failures]


def test_an_office_with_all_its_contacts_still_takes_one_page(cancellato):
    cpi = cancellato.cpi
    cpi.indirizzo, cpi.telefono, cpi.email = "Via Galcianese 20/F", "0574 123456", "prato@centri.example"
    cpi.save()
    cancellato.utente.refresh_from_db()
    pdf = pdf_del_foglio(cancellato.utente, adesso=adesso())
    testo = compatto("".join(pagine(pdf)))
    assert len(pdfium.PdfDocument(pdf)) == 1
    assert testo.count(compatto("tel. 0574 123456")) == 2

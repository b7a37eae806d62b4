"""The people of the run, each with a CV and a transfer asked for, through the same services that the pages call.

Run as a process of its own: `python -m curriculum.portale.prova.guasti.scena QUANTI`.
"""

from __future__ import annotations

import datetime as dt
import io
import sys
from typing import Any

import django
import httpx
import pikepdf
from codicefiscale.codicefiscale import encode_cin, encode_firstname, encode_lastname
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

MESI = "ABCDEHLMPRST"
LUOGO = "G999"  # Prato


def codice_fiscale(numero: int) -> str:
    """Of the person with this number: each is born a day after the one before."""
    nato = nascita(numero)
    parte = (
        f"{encode_lastname(cognome(numero))}{encode_firstname('Mario')}{nato:%y}{MESI[nato.month - 1]}{nato:%d}{LUOGO}"
    )
    return parte + str(encode_cin(parte))


def nascita(numero: int) -> dt.date:
    return dt.date(1960, 1, 1) + dt.timedelta(days=numero % 14_000)


def cognome(numero: int) -> str:
    """A surname of its own: people with the same name would ask for confirmations."""
    lettere = "bcdfglmnprst"
    cifre = [lettere[numero // len(lettere) ** posto % len(lettere)] for posto in range(4)]
    return f"Prov{'a'.join(cifre)}i".capitalize()


def pdf(testo: str) -> SimpleUploadedFile:
    """A one-page CV that nobody else has."""
    uscita = io.BytesIO()
    with pikepdf.new() as documento:
        pagina = documento.add_blank_page(page_size=(595, 842))
        pagina.Contents = documento.make_stream(f"BT /F1 12 Tf 72 770 Td ({testo}) Tj ET".encode())
        carattere = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        pagina.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=carattere))
        documento.save(uscita)
    return SimpleUploadedFile("cv.pdf", uscita.getvalue(), content_type="application/pdf")


class Scena:
    """One office, one operator, as many citizens as asked."""

    def __init__(self) -> None:
        from orientamento.anagrafica.models import CPI, Operatore, Ruolo, TestoInformativo
        from orientamento.comune.calendario import adesso
        from propensioni.services.ricerca import cerca_professioni

        self.adesso = adesso
        self.operatore = Operatore.objects.create_user(
            "guasti", password=None, ruolo=Ruolo.OPERATORE, cpi=CPI.objects.get(comune="Prato")
        )
        self.informativa = TestoInformativo.objects.in_vigore(adesso().date())["informativa_privacy"]
        self.professione = cerca_professioni("magazziniere")[0]

    def accoda(self, numero: int) -> None:
        """One person, from the file to the transfer."""
        from curriculum.services.curriculum import salva_curriculum
        from curriculum.services.trasferimento import AVVISO, chiedi_trasferimento
        from orientamento.anagrafica.models import LivelloStudio, TitoloStudio
        from orientamento.anagrafica.services.fascicolo import salva_voce
        from orientamento.anagrafica.services.presa_in_carico import prendi_in_carico
        from propensioni.services.propensione import aggiungi_propensione

        chi: dict[str, Any] = {"attore": self.operatore}
        utente = self._utente(numero)
        prendi_in_carico(
            utente=utente,
            informativa=self.informativa,
            consensi={"incontro": "dato", "comunicazioni": "rifiutato"},
            adesso=self.adesso(),
            **chi,
        )
        titolo = {"livello": LivelloStudio.DIPLOMA, "descrizione": "Diploma", "anno": nascita(numero).year + 20}
        salva_voce(utente=utente, modello=TitoloStudio, dati=titolo, **chi)
        aggiungi_propensione(utente=utente, dati={"professione": self.professione, "da_lavoro": True}, **chi)
        salva_curriculum(
            utente=utente, file=pdf(f"Curriculum numero {numero}"), origine="portato", adesso=self.adesso(), **chi
        )
        chiedi_trasferimento(utente=utente, avviso_versione=AVVISO.versione, adesso=self.adesso(), **chi)

    def _utente(self, numero: int) -> Any:
        from orientamento.anagrafica.services.utente import ConfermaNecessaria, crea_utente

        dati = {
            "codice_fiscale": codice_fiscale(numero),
            "cognome": cognome(numero),
            "nome": "Mario",
            "sesso": "M",
            "data_nascita": nascita(numero),
            "luogo_nascita": "Prato",
            "cittadinanza": "Italiana",
            "domicilio_indirizzo": f"Via di prova {numero}",
            "domicilio_comune": "Prato",
            "domicilio_provincia": "PO",
            "domicilio_cap": "59100",
            "email": f"persona{numero}@esempio.invalid",
        }
        try:
            return crea_utente(dati=dati, attore=self.operatore, adesso=self.adesso())
        except ConfermaNecessaria as domanda:
            conferme = [avviso.impronta for avviso in domanda.avvisi]
            return crea_utente(dati=dati, attore=self.operatore, adesso=self.adesso(), conferme=conferme)


def principale(quanti: int) -> None:
    django.setup()
    # Half of the people are on the portal already, the others have to be pre-registered and to confirm.
    gia_registrati = [codice_fiscale(numero) for numero in range(0, quanti, 2)]
    risposta = httpx.post(
        f"{settings.PORTALE_URL}/prova/registrati",
        json={"codici_fiscali": gia_registrati},
        trust_env=False,
        timeout=30,
    )
    risposta.raise_for_status()
    scena = Scena()
    for numero in range(quanti):
        scena.accoda(numero)


if __name__ == "__main__":
    principale(int(sys.argv[1]))

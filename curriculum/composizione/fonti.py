"""What of the file may be printed on a CV, read once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from orientamento.anagrafica.models import (
    AltreInformazioni,
    CompetenzaPersonale,
    Esperienza,
    LinguaConosciuta,
    LivelloStudio,
    TitoloStudio,
    Utente,
)
from orientamento.comune.testo import riga
from propensioni.services.lettura import propensioni_di

# Chosen unless the person says otherwise.
RECAPITI_DI_SOLITO = ("comune", "cellulare", "email")


@dataclass(frozen=True)
class Fonti:
    """The sources of one citizen's CV. Experiences from the newest on."""

    utente: Utente
    propensioni: list[dict[str, Any]]
    esperienze: list[Esperienza]
    titoli: list[TitoloStudio]
    lingue: list[LinguaConosciuta]
    competenze: list[CompetenzaPersonale]
    altre: AltreInformazioni | None

    @property
    def recapiti(self) -> dict[str, tuple[str, str]]:
        """Key → what it is called and its value; only those that the file has."""
        u = self.utente
        indirizzo = ", ".join(p for p in (riga(u.domicilio_indirizzo), f"{u.domicilio_cap} {self.comune}".strip()) if p)
        tutti = {
            "comune": ("Comune", self.comune),
            "indirizzo": ("Indirizzo", indirizzo),
            "cellulare": ("Cellulare", riga(u.cellulare)),
            "telefono": ("Telefono", riga(u.telefono)),
            "email": ("Posta elettronica", riga(u.email)),
            "pec": ("PEC", riga(u.pec)),
            "nascita": ("Data di nascita", f"{u.data_nascita:%d/%m/%Y}"),
            "codice_fiscale": ("Codice fiscale", u.codice_fiscale),
        }
        return {chiave: coppia for chiave, coppia in tutti.items() if coppia[1]}

    @property
    def comune(self) -> str:
        u = self.utente
        return riga(f"{u.domicilio_comune} ({u.domicilio_provincia})" if u.domicilio_provincia else u.domicilio_comune)

    @property
    def informazioni(self) -> dict[str, tuple[str, str]]:
        """The other information that says something, without the notes."""
        a = self.altre
        if a is None:
            return {}
        tutte = {
            "patenti": ("Patenti di guida", ", ".join(p.replace("_", " ") for p in a.patenti)),
            "patentini": (
                "Patentini e abilitazioni",
                " · ".join(AltreInformazioni.Patentino(p).label for p in a.patentini),
            ),
            "albi": ("Albi, ordini e registri", riga(a.albi)),
            "automunito": ("Mezzo proprio", "Automobile" if a.automunito else ""),
            "trasferta": ("Spostamenti", a.get_trasferta_display()),
        }
        return {chiave: coppia for chiave, coppia in tutte.items() if coppia[1]}


def leggi_fonti(utente: Utente) -> Fonti:
    """Six queries."""
    return Fonti(
        utente=utente,
        propensioni=propensioni_di(utente),
        esperienze=list(utente.esperienze.all()),
        titoli=list(utente.titoli.order_by("-conseguito", "-livello", "-anno", "pk")),
        lingue=list(utente.lingue.all()),
        competenze=list(utente.competenze.all()),
        altre=AltreInformazioni.objects.filter(utente=utente).first(),
    )


def di_solito(titolo: TitoloStudio) -> bool:
    """Whether a title is printed unless the person says otherwise."""
    return titolo.conseguito and titolo.livello != LivelloStudio.NESSUNO

"""The hours of a measure: real minutes of who came, against the limits of the charter (C2).

The minutes are those of the citizen's own presences; what was planned and nobody attended does not count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, F, Q, Sum

from psp.models import Iscrizione, Misura, Servizio


class StatoOre(StrEnum):
    """Where the minutes stand against the limits."""

    SENZA_LIMITI = "senza_limiti"
    DA_COMINCIARE = "da_cominciare"
    SOTTO = "sotto"
    DENTRO = "dentro"
    SOPRA = "sopra"


@dataclass(frozen=True)
class Contatore:
    """The meter of one measure. `mancano` are the minutes to the minimum, `testo` says it all in words."""

    minuti: int
    incontri: int
    incontri_brevi: int
    minimo_incontro: int | None
    minimo: int | None
    massimo: int | None

    @property
    def mancano(self) -> int:
        return max(0, (self.minimo or 0) - self.minuti)

    @property
    def oltre(self) -> int:
        return max(0, self.minuti - self.massimo) if self.massimo else 0

    @property
    def limitato(self) -> bool:
        return any((self.minimo_incontro, self.minimo, self.massimo))

    @property
    def stato(self) -> StatoOre:
        if not self.limitato:
            return StatoOre.SENZA_LIMITI
        if not self.incontri:
            return StatoOre.DA_COMINCIARE
        if self.oltre:
            return StatoOre.SOPRA
        return StatoOre.SOTTO if self.mancano or self.incontri_brevi else StatoOre.DENTRO

    @property
    def scostamenti(self) -> list[str]:
        """Each way in which the hours leave the limits, in words; empty when a measure may close without a reason."""
        if self.stato == StatoOre.DA_COMINCIARE:
            return ["Nessun incontro è registrato"]
        frasi = []
        if self.mancano:
            frasi.append(
                f"{_mancano(self.mancano)} {in_parole(self.mancano)} al minimo di {in_parole(self.minimo or 0)}"
            )
        if self.oltre:
            frasi.append(f"Il massimo di {in_parole(self.massimo or 0)} è superato di {in_parole(self.oltre)}")
        if self.incontri_brevi:
            frasi.append(f"{_brevi(self.incontri_brevi)} meno di {in_parole(self.minimo_incontro or 0)}")
        return frasi

    @property
    def testo(self) -> str:
        """One sentence for people: what is missing, or what there is."""
        if self.scostamenti and self.incontri:
            return ". ".join(self.scostamenti) + "."
        if self.incontri:
            volte = "un incontro" if self.incontri == 1 else f"{self.incontri} incontri"
            return f"In tutto {in_parole(self.minuti)}, in {volte}."
        return "Nessun incontro registrato."

    @property
    def parole(self) -> str:
        """What there is so far, in words."""
        return f"In tutto {in_parole(self.minuti)}." if self.incontri else ""

    @property
    def con_barra(self) -> bool:
        """Whether there is a length to measure against."""
        return bool(self.minimo or self.massimo)

    @property
    def fondo(self) -> int:
        """The minutes at which the bar of the meter ends: the maximum, or the minimum, or what there is."""
        return max(self.massimo or self.minimo or 0, self.minuti, 1)

    def _posto(self, minuti: int) -> str:
        """Where `minuti` falls on a bar a thousand long, as text: no page puts a separator into it."""
        return str(min(1000, round(minuti * 1000 / self.fondo)))

    @property
    def barra(self) -> str:
        return self._posto(self.minuti)

    @property
    def tacche(self) -> list[str]:
        """Where minimum and maximum stand on the bar, unless at its end."""
        return [self._posto(limite) for limite in (self.minimo, self.massimo) if limite and limite < self.fondo]


def contatori(misure: Iterable[Misura]) -> dict[int, Contatore]:
    """The meters of many measures (with their `servizio` in hand), in one query: key of the measure → meter."""
    misure = list(misure)
    breve = Q(minuti__lt=F("misura__servizio__minuti_minimi_incontro"))
    presenze = Iscrizione.objects.filter(misura__in=[m.pk for m in misure], stato=Iscrizione.Stato.PRESENTE)
    somme = (
        presenze.order_by()
        .values("misura_id")
        .annotate(minuti_svolti=Sum("minuti"), quanti=Count("pk"), brevi=Count("pk", filter=breve))
    )
    righe: dict[int, Any] = {riga["misura_id"]: riga for riga in somme}
    return {misura.pk: _contatore(misura.servizio, righe.get(misura.pk)) for misura in misure}


def contatore(misura: Misura) -> Contatore:
    """The meter of one measure."""
    return contatori([misura])[misura.pk]


def _contatore(servizio: Servizio, riga: Any) -> Contatore:
    return Contatore(
        minuti=riga["minuti_svolti"] if riga else 0,
        incontri=riga["quanti"] if riga else 0,
        incontri_brevi=riga["brevi"] if riga else 0,
        minimo_incontro=servizio.minuti_minimi_incontro,
        minimo=servizio.minuti_minimi,
        massimo=servizio.minuti_massimi,
    )


def in_parole(minuti: int) -> str:
    """130 → "2 ore e 10 minuti"; 60 → "1 ora"; 0 → "0 minuti"."""
    ore, resto = divmod(minuti, 60)
    pezzi = [f"{ore} {'ora' if ore == 1 else 'ore'}"] if ore else []
    if resto or not ore:
        pezzi.append(f"{resto} {'minuto' if resto == 1 else 'minuti'}")
    return " e ".join(pezzi)


def limiti_in_parole(servizio: Servizio) -> str:
    """The limits of a service for a table: "da 8 ore a 12 ore in tutto"; empty where there are none."""
    minimo, massimo, incontro = servizio.minuti_minimi, servizio.minuti_massimi, servizio.minuti_minimi_incontro
    frasi = []
    if minimo and massimo:
        frasi.append(f"da {in_parole(minimo)} a {in_parole(massimo)} in tutto")
    elif minimo or massimo:
        frasi.append(f"{'almeno' if minimo else 'al massimo'} {in_parole(minimo or massimo or 0)} in tutto")
    if incontro:
        frasi.append(f"ogni incontro almeno {in_parole(incontro)}")
    return "; ".join(frasi)


def _mancano(minuti: int) -> str:
    return "Manca" if minuti in (1, 60) else "Mancano"


def _brevi(quanti: int) -> str:
    return "Un incontro è durato" if quanti == 1 else f"{quanti} incontri sono durati"

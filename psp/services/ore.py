"""The hours of a measure: real minutes of who came, against the limits of the charter (C2).

The minutes are those of the citizen's own presences; what was planned and nobody attended does not count. Of an
interview they are also those of the one that the pact was made in and of the other interviews agreed in it: base
orientation is limited in all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, F, Q, Sum

from psp.models import Colloquio, GenereServizio, Iscrizione, Misura, Servizio
from psp.services.appuntamento import minuti_totali


class StatoOre(StrEnum):
    """Where the minutes stand against the limits."""

    SENZA_LIMITI = "senza_limiti"
    DA_COMINCIARE = "da_cominciare"
    SOTTO = "sotto"
    DENTRO = "dentro"
    SOPRA = "sopra"


@dataclass(frozen=True)
class Contatore:
    """The meter of one measure. `mancano` are the minutes to the minimum, `testo` says it all in words.

    Among `minuti`, `del_colloquio` are those that the interview of the pact took, before the measure was agreed;
    `altrove` those of the other interviews of the pact.
    """

    minuti: int
    incontri: int
    incontri_brevi: int
    minimo_incontro: int | None
    minimo: int | None
    massimo: int | None
    del_colloquio: int = 0
    altrove: int = 0

    @property
    def cominciato(self) -> bool:
        return bool(self.incontri or self.del_colloquio or self.altrove)

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
        if not self.cominciato:
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
        if self.scostamenti and self.cominciato:
            return ". ".join(self.scostamenti) + "."
        if self.incontri:
            volte = "un incontro" if self.incontri == 1 else f"{self.incontri} incontri"
            return f"In tutto {in_parole(self.minuti)}, in {volte}."
        return self.parole or "Nessun incontro registrato."

    @property
    def parole(self) -> str:
        """What there is so far, in words."""
        return f"In tutto {in_parole(self.minuti)}." if self.cominciato else ""

    @property
    def nota(self) -> str:
        """Where minutes come from that no meeting of the measure shows."""
        parti = []
        if self.del_colloquio:
            parti.append(f"{in_parole(self.del_colloquio)} del colloquio in cui è nato il patto")
        if self.altrove:
            parti.append(f"{in_parole(self.altrove)} degli altri colloqui di orientamento di base")
        return f"Comprende {' e '.join(parti)}." if parti else ""

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
    """The meters of many measures (with their `servizio` in hand): key of the measure → meter.

    One query; three more where there are interviews among them.
    """
    misure = list(misure)
    colloqui = [m for m in misure if m.servizio.genere == GenereServizio.COLLOQUIO]
    breve = Q(minuti__lt=F("misura__servizio__minuti_minimi_incontro"))
    presenze = Iscrizione.objects.filter(misura__in=[m.pk for m in misure], stato=Iscrizione.Stato.PRESENTE)
    somme = (
        presenze.order_by()
        .values("misura_id")
        .annotate(minuti_svolti=Sum("minuti"), quanti=Count("pk"), brevi=Count("pk", filter=breve))
    )
    righe: dict[int, Any] = {riga["misura_id"]: riga for riga in somme}
    del_colloquio, altrove = _minuti_dei_colloqui(colloqui), _minuti_altrove(colloqui)
    return {
        m.pk: _contatore(m.servizio, righe.get(m.pk), del_colloquio.get(m.pk, 0), altrove.get(m.pk, 0)) for m in misure
    }


def contatore(misura: Misura) -> Contatore:
    """The meter of one measure."""
    return contatori([misura])[misura.pk]


def _minuti_altrove(misure: list[Misura]) -> dict[int, int]:
    """Key of the measure → minutes of the other interviews of its pact (C2); of a closed one, those known then."""
    if not misure:
        return {}
    svolti = Iscrizione.objects.filter(
        misura__patto__in={m.patto_id for m in misure},
        misura__servizio__genere=GenereServizio.COLLOQUIO,
        stato=Iscrizione.Stato.PRESENTE,
    )
    righe = list(svolti.values_list("misura_id", "misura__patto_id", "minuti", "segnata_il"))

    def conta(misura: Misura) -> int:
        return sum(
            minuti or 0
            for di, patto, minuti, segnata_il in righe
            if patto == misura.patto_id
            and di != misura.pk
            and not (misura.chiusa_il and segnata_il and segnata_il > misura.chiusa_il)
        )

    return {misura.pk: conta(misura) for misura in misure}


def _minuti_dei_colloqui(misure: Iterable[Misura]) -> dict[int, int]:
    """Key of the measure → minutes of all sittings of the interview that its pact was made in (C2)."""
    patti = {misura.pk: misura.patto_id for misura in misure}
    if not patti:
        return {}
    colloqui = Colloquio.objects.filter(patti__in=set(patti.values())).annotate(patto_id=F("patti__pk"))
    minuti = {c.patto_id: minuti_totali(c) for c in colloqui.prefetch_related("appuntamenti")}
    return {misura: minuti.get(patto, 0) for misura, patto in patti.items()}


def _contatore(servizio: Servizio, riga: Any, del_colloquio: int, altrove: int) -> Contatore:
    return Contatore(
        minuti=(riga["minuti_svolti"] if riga else 0) + del_colloquio + altrove,
        incontri=riga["quanti"] if riga else 0,
        incontri_brevi=riga["brevi"] if riga else 0,
        minimo_incontro=servizio.minuti_minimi_incontro,
        minimo=servizio.minuti_minimi,
        massimo=servizio.minuti_massimi,
        del_colloquio=del_colloquio,
        altrove=altrove,
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

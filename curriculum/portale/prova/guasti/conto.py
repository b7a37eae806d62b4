"""The account at the end: what the database says, what the portal has received, and whether they agree."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import httpx
import psycopg2


@dataclass(frozen=True)
class Conto:
    """`per_chiave` is the portal's own count of receptions. Each transfer asked for is expected there once."""

    chiesti: int
    righe: list[tuple[str, str, bool]]  # key, state, whether it still waits for something
    per_chiave: dict[str, int]
    doppioni_nel_registro: int

    @property
    def arrivati(self) -> int:
        return sum(1 for chiave, _, _ in self.righe if self.per_chiave.get(chiave))

    @property
    def persi(self) -> int:
        return self.chiesti - self.arrivati

    @property
    def doppi(self) -> int:
        """Receptions beyond the first of each row, also those under a key that no row has."""
        return sum(self.per_chiave.values()) - self.arrivati + self.doppioni_nel_registro

    @property
    def bloccati(self) -> int:
        return sum(1 for _, _, aperta in self.righe if aperta)

    @property
    def discordi(self) -> int:
        """Closed here with another outcome than the portal's."""
        return sum(1 for _, stato, aperta in self.righe if not aperta and stato != "confermato")

    @property
    def in_ordine(self) -> bool:
        return not (self.persi or self.doppi or self.bloccati or self.discordi)

    def racconto(self) -> list[str]:
        """For people; the last line is for programs too."""
        stati = ", ".join(f"{quante} {stato}" for stato, quante in sorted(Counter(s for _, s, _ in self.righe).items()))
        return [
            f"Trasferimenti chiesti: {self.chiesti}. Nel database: {stati or 'nessuno'}.",
            f"Curricula ricevuti dal portale, per suo conto: {sum(self.per_chiave.values())},"
            f" con {len(self.per_chiave)} chiavi diverse.",
            f"Conclusi qui in modo diverso da come sono là: {self.discordi}."
            f" Conferme scritte due volte nel registro: {self.doppioni_nel_registro}.",
            f"persi {self.persi}, doppi {self.doppi}, bloccati {self.bloccati}",
        ]


def conta(database: str, portale: str, chiesti: int) -> Conto:
    """Ask both sides."""
    with psycopg2.connect(database) as connessione, connessione.cursor() as cursore:
        cursore.execute(
            "SELECT chiave::text, stato, prossimo_il IS NOT NULL FROM curriculum_trasferimento"
            " WHERE operazione = 'invio'"
        )
        righe = cursore.fetchall()
        cursore.execute(
            "SELECT coalesce(sum(quante - 1), 0) FROM (SELECT count(*) quante FROM registro_evento"
            " WHERE azione = 'trasferimento_confermato' GROUP BY oggetto_id) conferme"
        )
        doppioni = int(cursore.fetchone()[0])
    connessione.close()
    per_chiave = httpx.get(f"{portale}/prova/conteggi", trust_env=False, timeout=30).json()["per_chiave"]
    return Conto(chiesti, righe, per_chiave, doppioni)


def avanzamento(database: str) -> tuple[int, int] | None:
    """How many transfers there are and how many are closed; nothing while the database does not answer."""
    try:
        connessione = psycopg2.connect(database)
    except psycopg2.OperationalError:
        return None
    try:
        with connessione.cursor() as cursore:
            cursore.execute("SELECT count(*), count(chiuso_il) FROM curriculum_trasferimento")
            fatte, chiuse = cursore.fetchone()
            return int(fatte), int(chiuse)
    except psycopg2.Error:
        return None
    finally:
        connessione.close()

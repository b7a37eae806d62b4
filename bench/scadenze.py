"""The nightly sweep of the six months over half a million CVs, against the least SQL that makes the same rows."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, transaction

from bench.misura import alterna
from curriculum.services.scadenze import DOPO, prepara_avvisi
from orientamento.anagrafica.models import Operatore
from orientamento.comune.calendario import adesso, oggi

CURRICULA = 500_000
COPPIE = 30  # a sweep lasts some tenths of a second

# Of each citizen one that counts, which ends at any day of three years, and the earlier ones.
GENERA = """
    INSERT INTO curriculum_curriculum (utente_id, stato, origine, file, nome_originale, sha256, dimensione, pagine,
        caricato_il, caricato_da_id, valido_fino_al, motivo)
    SELECT u.id, CASE WHEN giro = 0 THEN 'attuale' ELSE 'sostituito' END, 'portato', '', 'cv.pdf', '', 1, 1, %s, %s,
        %s::date + (u.id * 7919 %% 1096)::int - 900 - 180 * giro, ''
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS posto FROM anagrafica_utente u
          WHERE NOT EXISTS (SELECT FROM curriculum_curriculum c WHERE c.utente_id = u.id)) AS u,
         generate_series(0, %s) AS giro
    ORDER BY giro, posto LIMIT %s
"""
NUDO = """
    INSERT INTO curriculum_avvisoscadenza (curriculum_id, soglia, creato_il, modo)
    SELECT id, CASE WHEN valido_fino_al <= %s THEN 0 WHEN valido_fino_al <= %s::date + 7 THEN 7 ELSE 30 END, %s, ''
    FROM curriculum_curriculum
    WHERE stato = 'attuale' AND valido_fino_al BETWEEN %s::date - %s AND %s::date + 30
    ON CONFLICT DO NOTHING
"""


def misura() -> tuple[float, float]:
    """Least seconds of our sweep, which may also meet another one halfway, and of an INSERT that may be repeated.

    Everything happens in a transaction that is undone: the CVs are there only for this measure. What it leaves behind
    in the table is swept away, or the measures after it would wade through half a million dead rows.
    """
    ora, giorno = adesso(), oggi()

    def limite() -> int:
        with connection.cursor() as cursore:
            cursore.execute(NUDO, [giorno, giorno, ora, giorno, DOPO, giorno])
            return cursore.rowcount

    with transaction.atomic(), connection.cursor() as cursore:
        autore = Operatore.objects.earliest("pk")
        cursore.execute("SELECT count(*) FROM anagrafica_utente")
        giri = CURRICULA // cursore.fetchone()[0]
        cursore.execute(GENERA, [ora, autore.pk, giorno, giri, CURRICULA])
        cursore.execute("ANALYZE curriculum_curriculum")
        tempi = alterna(_disfatto(lambda: prepara_avvisi(adesso=ora)), _disfatto(limite), COPPIE)
        transaction.set_rollback(True)
    with connection.cursor() as cursore:
        cursore.execute("VACUUM ANALYZE curriculum_curriculum")
    return tempi


def _disfatto(giro: Callable[[], int]) -> Callable[[], None]:
    """One sweep, undone: the next one finds everything to do again, and nothing of what was undone to wade through."""

    def esegui() -> None:
        with connection.cursor() as cursore:
            cursore.execute("TRUNCATE curriculum_avvisoscadenza")
        with transaction.atomic():
            if not giro():
                raise RuntimeError("The benchmark's sweep found nothing to do")
            transaction.set_rollback(True)

    return esegui

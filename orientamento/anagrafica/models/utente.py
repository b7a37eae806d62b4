"""The citizen (*utente*): one person, one file (U1)."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from orientamento.anagrafica.models.operatore import Operatore, Ruolo
from orientamento.anagrafica.models.uffici import CPI
from orientamento.comune.calendario import eta, oggi
from orientamento.comune.piega import Piega


class Sesso(models.TextChoices):
    FEMMINA = "F", "Femmina"
    MASCHIO = "M", "Maschio"


def ambito(operatore: Operatore) -> dict[str, Any] | None:
    """Which citizens an operator sees (A1), as column and value; None is no citizen at all.

    The own office's files; for matching, those of them who consented. The search and the home page, which have SQL of
    their own, read it too.
    """
    if operatore.ruolo in (Ruolo.OPERATORE, Ruolo.RESPONSABILE):
        return {"cpi_id": operatore.cpi_id}
    if operatore.ruolo == Ruolo.INCROCIO:
        return {"cpi_id": operatore.cpi_id, "consenso_incontro": True}
    return None


class UtenteQuerySet(models.QuerySet["Utente"]):
    def visibili_a(self, operatore: Operatore) -> UtenteQuerySet:
        """The only door from a view to citizens (A1)."""
        condizioni = ambito(operatore)
        return self.none() if condizioni is None else self.filter(**condizioni)

    def bloccato(self, pk: int) -> Utente:
        """One citizen's row, locked until the end of the transaction: the first lock of a service that takes several.

        Rows that refer to the citizen may still be written (`no_key`). Whoever holds the lock of a pact or of a
        propensione writes a line of the register; if that had to wait for this lock, the two could wait in a ring.
        """
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)


# Learns the names that are new: each whole, each word of it, and each of these with one letter taken away. It runs once
# per statement, whoever writes the rows; for names already known it costs two look-ups. The fixed order of the rows
# keeps two writers of the same names from waiting for each other in a ring.
IMPARA_NOMI = """
    INSERT INTO anagrafica_variantenome (campo, variante, parola, intera)
    WITH noti AS (
        SELECT DISTINCT 'cognome' AS campo, cognome AS scritto, cognome_piegato AS parola FROM nuovi
        UNION SELECT DISTINCT 'nome', nome, nome_piegato FROM nuovi
    ), ignoti AS (
        SELECT * FROM noti WHERE parola <> '' AND NOT EXISTS (
            SELECT FROM anagrafica_variantenome v
            WHERE v.campo = noti.campo AND v.variante = noti.parola AND v.parola = noti.parola)
    ), parole AS (
        SELECT campo, parola, parola AS pezzo FROM ignoti
        UNION
        SELECT campo, parola, piega(pezzo) FROM ignoti, regexp_split_to_table(scritto, '[^[:alnum:]]+') AS pezzo
        WHERE length(piega(pezzo)) > 2
    )
    SELECT campo, variante, parola, bool_or(intera) FROM (
        SELECT campo, pezzo AS variante, parola, true AS intera FROM parole
        UNION ALL
        SELECT campo, left(pezzo, posto - 1) || substr(pezzo, posto + 1), parola, false
        FROM parole, generate_series(1, length(pezzo)) AS posto WHERE length(pezzo) BETWEEN 3 AND 40
    ) AS tutte
    GROUP BY campo, variante, parola ORDER BY campo, parola, variante
    ON CONFLICT (campo, variante, parola) DO NOTHING;
    RETURN NULL;
"""


class Utente(models.Model):
    """A citizen's file. `consenso_incontro` mirrors the consent in force, kept by a trigger on `Consenso`.

    `divergenze_confermate` holds the warnings about the codice fiscale that the operator saw and confirmed.
    `versione` counts the saves of the identity and contacts; a form that carries an older number is refused (C8).
    """

    cpi = models.ForeignKey(
        CPI,
        on_delete=models.PROTECT,
        related_name="utenti",
        verbose_name="centro competente",
        db_index=False,  # three of the indexes below begin with it
    )
    operatore_riferimento = models.ForeignKey(
        Operatore,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="utenti_seguiti",
        verbose_name="operatore di riferimento",
    )
    codice_fiscale = models.CharField(
        "codice fiscale",
        max_length=16,
        unique=True,
        error_messages={"unique": "Esiste già un fascicolo con questo codice fiscale."},
    )
    cognome = models.CharField("cognome", max_length=80)
    nome = models.CharField("nome", max_length=80)
    sesso = models.CharField("sesso", max_length=1, choices=Sesso)
    data_nascita = models.DateField("data di nascita")
    luogo_nascita = models.CharField("comune o stato estero di nascita", max_length=80)
    codice_luogo_nascita = models.CharField(max_length=4, blank=True, editable=False)
    cittadinanza = models.CharField("cittadinanza", max_length=80, default="Italiana")
    extra_ue = models.BooleanField("cittadino di uno stato fuori dall'Unione europea", default=False)
    domicilio_indirizzo = models.CharField("indirizzo di domicilio", max_length=160)
    domicilio_comune = models.CharField("comune di domicilio", max_length=80)
    domicilio_codice_comune = models.CharField(max_length=4, blank=True, editable=False)
    domicilio_provincia = models.CharField("provincia", max_length=2)
    domicilio_cap = models.CharField("CAP", max_length=5)
    residenza_indirizzo = models.CharField("indirizzo di residenza", max_length=160, blank=True)
    residenza_comune = models.CharField("comune di residenza", max_length=80, blank=True)
    residenza_provincia = models.CharField("provincia", max_length=2, blank=True)
    residenza_cap = models.CharField("CAP", max_length=5, blank=True)
    telefono = models.CharField("telefono", max_length=20, blank=True)
    cellulare = models.CharField("cellulare", max_length=20, blank=True)
    email = models.EmailField("posta elettronica", blank=True)
    pec = models.EmailField("PEC", blank=True)
    divergenze_confermate = models.JSONField(default=list, blank=True, editable=False)
    consenso_incontro = models.BooleanField(default=False, editable=False)
    versione = models.PositiveIntegerField(default=1, editable=False)
    creato_il = models.DateTimeField(auto_now_add=True)
    modificato_il = models.DateTimeField(auto_now=True)
    cognome_piegato = models.GeneratedField(
        expression=Piega(F("cognome")), output_field=models.CharField(max_length=160, db_collation="C"), db_persist=True
    )
    nome_piegato = models.GeneratedField(
        expression=Piega(F("nome")), output_field=models.CharField(max_length=160, db_collation="C"), db_persist=True
    )

    objects = UtenteQuerySet.as_manager()

    class Meta:
        verbose_name = "utente"
        verbose_name_plural = "utenti"
        indexes = [
            # In the plain order of bytes (collation C) one index serves equality, beginnings and the order of a list.
            models.Index(fields=["cpi", "cognome_piegato", "nome_piegato", "id"], name="utente_per_cognome"),
            models.Index(fields=["cpi", "nome_piegato", "cognome_piegato", "id"], name="utente_per_nome"),
            models.Index(fields=["data_nascita"], name="utente_per_nascita"),
            models.Index(fields=["cpi", "cognome", "nome", "id"], name="utente_per_ufficio"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(codice_fiscale__regex=r"^([A-Z0-9]{16}|[0-9]{11})$"),
                name="codice_fiscale_in_forma",
                violation_error_message="Il codice fiscale ha 16 caratteri (11 cifre se è provvisorio).",
            ),
        ]

        triggers = [
            pgtrigger.Trigger(
                name="varianti_dei_nomi_nuovi",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="nuovi"),
                func=IMPARA_NOMI,
            ),
            pgtrigger.Trigger(
                name="varianti_dei_nomi_cambiati",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                referencing=pgtrigger.Referencing(new="nuovi"),
                func=IMPARA_NOMI,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cognome} {self.nome}"

    @property
    def anni(self) -> int:
        """The age today, in completed years."""
        return eta(self.data_nascita, oggi())


class VarianteNome(models.Model):
    """The dictionary of the forgiving search: under which misspellings a surname or a name is found.

    Filled by the triggers on `Utente`. `parola` is a folded surname or name as it stands on some file; `variante` is
    the same, or one of its words (`intera`), or one of these with a letter less. A word typed with one slip shares a
    variant with the right one: an equality in a plain index, where a trigram index reads thousands of rows.
    """

    campo = models.CharField(max_length=7, choices=[("cognome", "Cognome"), ("nome", "Nome")])
    variante = models.CharField(max_length=160, db_collation="C")
    parola = models.CharField(max_length=160, db_collation="C")
    intera = models.BooleanField()

    class Meta:
        verbose_name = "variante di un nome"
        verbose_name_plural = "varianti dei nomi"
        constraints = [models.UniqueConstraint(fields=["campo", "variante", "parola"], name="una_variante_per_parola")]
        indexes = [
            GinIndex(
                name="variante_per_somiglianza",
                fields=["variante"],
                opclasses=["gin_trgm_ops"],
                condition=Q(intera=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.variante} → {self.parola}"

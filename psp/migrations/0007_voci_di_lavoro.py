"""What falls due as rows that the database keeps: the worklist becomes a plain read (decision 018).

`psp_dovuto` is the rule: what is due, of some people. `psp_vocedilavoro` holds what it says, and `psp_lavoro_rifai` makes
it say so again. Whoever writes one of the tables that the rule reads leaves a note of whose it was, and at the end of
the transaction the lines of these people are made again. The bodies are text, so that no table depends on them.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# `riga` is the row that falls due, `oggetto` the key of its page, `dal` and `al` the days between which it is shown.
# OFFSET 0 keeps what is read for each row out of the arguments of a function, which may then be inlined.
REGOLA = """
CREATE FUNCTION psp_dovuto(chi bigint[])
RETURNS TABLE (genere text, riga bigint, utente_id bigint, cpi_id bigint, operatore_id bigint,
               scade date, dal date, al date, oggetto bigint, parole text)
LANGUAGE sql STABLE AS $$
SELECT v.genere, v.riga, v.utente_id, u.cpi_id, u.operatore_riferimento_id, v.scade, v.dal, v.al, v.oggetto, v.parole
FROM (
    -- In charge with a DID in force and no pact in force: the clock of U3.
    SELECT 'patto', d.id, d.utente_id, d.data + p.giorni_per_patto, d.data, NULL::date, NULL::bigint,
           to_char(d.data, 'DD/MM/YYYY') || ', ' || p.nome
    FROM anagrafica_did d JOIN anagrafica_programma p ON p.id = d.programma_id
    WHERE d.stato IN ('valida', 'sospesa') AND d.utente_id = ANY(chi)
      AND NOT EXISTS (SELECT FROM psp_pattodiservizio v
                      WHERE v.utente_id = d.utente_id AND v.stato IN ('firmato', 'sospeso'))
    UNION ALL
    -- Sent back by the reviewer and not yet sent again (T4).
    SELECT 'rimandato', p.id, p.utente_id, r.giorno, r.giorno, NULL, p.id, ''
    FROM psp_pattodiservizio p CROSS JOIN LATERAL (
        SELECT (max(fatta_il) AT TIME ZONE 'Europe/Rome')::date AS giorno
        FROM psp_revisione WHERE patto_id = p.id AND esito = 'rimandato') r
    WHERE p.stato = 'bozza' AND p.utente_id = ANY(chi)
    UNION ALL
    -- Approved: the citizen is waited for.
    SELECT 'firma', p.id, p.utente_id, g.giorno, g.giorno, NULL, p.id, ''
    FROM psp_pattodiservizio p, LATERAL (SELECT (p.proposto_il AT TIME ZONE 'Europe/Rome')::date) g (giorno)
    WHERE p.stato = 'proposto' AND p.utente_id = ANY(chi)
    UNION ALL
    -- An act is late the day after its term (M1).
    SELECT 'atto', a.id, p.utente_id, s.giorno, s.giorno + 1, NULL, a.id, a.descrizione
    FROM psp_pattodiservizio p JOIN psp_attoricerca a ON a.patto_id = p.id
    CROSS JOIN LATERAL (SELECT max(v.fatto_il) AS il FROM psp_provaatto v
                        WHERE v.atto_id = a.id AND v.esito <> 'non_accolta' OFFSET 0) m
    CROSS JOIN LATERAL (SELECT psp_scadenza_atto(
        a.frequenza, a.entro_il, COALESCE(p.valido_dal, p.firmato_il), m.il)) s (giorno)
    WHERE p.stato IN ('firmato', 'sospeso') AND p.utente_id = ANY(chi)
    UNION ALL
    SELECT 'prova', v.id, p.utente_id, v.fatto_il, v.fatto_il, NULL, v.atto_id, v.descrizione
    FROM psp_pattodiservizio p JOIN psp_attoricerca a ON a.patto_id = p.id JOIN psp_provaatto v ON v.atto_id = a.id
    WHERE v.esito = '' AND p.utente_id = ANY(chi)
    UNION ALL
    -- Not started on the planned day, or not closed on the planned last day (M3).
    SELECT 'misura', m.id, p.utente_id, g.giorno, g.giorno + 1, NULL, m.id, m.stato || ' ' || s.nome
    FROM psp_pattodiservizio p JOIN psp_misura m ON m.patto_id = p.id JOIN psp_servizio s ON s.id = m.servizio_id,
        LATERAL (SELECT CASE m.stato WHEN 'concordata' THEN m.inizio_previsto ELSE m.fine_prevista END) g (giorno)
    WHERE p.stato IN ('firmato', 'sospeso') AND p.utente_id = ANY(chi) AND m.stato IN ('concordata', 'avviata')
    UNION ALL
    -- The agreed frequency of contacts, from the day on which the person was last met (art. 20).
    SELECT 'contatto', p.id, p.utente_id, s.giorno, s.giorno + 1, NULL, NULL,
           p.frequenza_contatti || ' ' || to_char(visto.il, 'DD/MM/YYYY')
    FROM psp_pattodiservizio p
    CROSS JOIN LATERAL (SELECT GREATEST(
        p.firmato_il,
        (SELECT (max(i.inizio) AT TIME ZONE 'Europe/Rome')::date FROM psp_iscrizione i
         WHERE i.utente_id = p.utente_id AND i.stato = 'presente'),
        (SELECT max(s.data) FROM psp_appuntamento s JOIN psp_colloquio c ON c.id = s.colloquio_id
         WHERE c.utente_id = p.utente_id)) AS il OFFSET 0) visto
    CROSS JOIN LATERAL (SELECT psp_prossima_volta(p.frequenza_contatti, visto.il)) s (giorno)
    WHERE p.stato = 'firmato' AND p.utente_id = ANY(chi)
    UNION ALL
    SELECT 'scadenza', p.id, p.utente_id, p.valido_al, p.valido_al - 30, NULL, p.id, ''
    FROM psp_pattodiservizio p
    WHERE p.stato IN ('firmato', 'sospeso') AND p.utente_id = ANY(chi)
    UNION ALL
    SELECT genere, riga, utente_id, scade, dal, al, NULL, parole FROM curriculum_dovuto(chi)
    UNION ALL
    -- Nobody has done anything for the person for long. To look at a file is not to do something, and what comes from
    -- the portal by itself is nobody's work.
    SELECT 'fermo', u.id, u.id, g.giorno, g.giorno + 60, NULL, NULL, ''
    FROM anagrafica_utente u
    CROSS JOIN LATERAL (SELECT COALESCE(
        (SELECT quando FROM registro_evento WHERE utente_id = u.id AND azione <> 'fascicolo_aperto' AND attore_id IS NOT NULL
         ORDER BY quando DESC LIMIT 1), u.creato_il) AS il OFFSET 0) ultimo
    CROSS JOIN LATERAL (SELECT (ultimo.il AT TIME ZONE 'Europe/Rome')::date) g (giorno)
    WHERE u.id = ANY(chi)
) v (genere, riga, utente_id, scade, dal, al, oggetto, parole)
JOIN anagrafica_utente u ON u.id = v.utente_id
WHERE v.scade IS NOT NULL
  AND EXISTS (SELECT FROM anagrafica_presaincarico i WHERE i.utente_id = v.utente_id AND i.chiusa_il IS NULL)
$$;
"""

# Two transactions that touch one person make the lines one after the other, each from what is written by then. The locks
# are a few numbers, taken in order: no ring, and no end of them where many people change at once.
MANO = """
CREATE FUNCTION psp_lavoro_rifai(chi bigint[]) RETURNS integer LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    cambiate integer;
BEGIN
    PERFORM pg_advisory_xact_lock(1607, posto)
    FROM (SELECT DISTINCT (id % 256)::integer AS posto FROM unnest(chi) id ORDER BY 1) posti;
    WITH dovuto AS MATERIALIZED (SELECT * FROM psp_dovuto(chi)),
    tolte AS (
        DELETE FROM psp_vocedilavoro v
        WHERE v.utente_id = ANY(chi)
          AND NOT EXISTS (SELECT FROM dovuto d WHERE d.genere = v.genere AND d.riga = v.riga)
        RETURNING 1),
    scritte AS (
        INSERT INTO psp_vocedilavoro AS v
            (genere, riga, utente_id, cpi_id, operatore_id, scade, dal, al, oggetto, parole)
        SELECT * FROM dovuto
        ON CONFLICT (genere, riga) DO UPDATE SET
            (utente_id, cpi_id, operatore_id, scade, dal, al, oggetto, parole) =
            ROW(EXCLUDED.utente_id, EXCLUDED.cpi_id, EXCLUDED.operatore_id, EXCLUDED.scade, EXCLUDED.dal, EXCLUDED.al,
                EXCLUDED.oggetto, EXCLUDED.parole)
        WHERE (v.utente_id, v.cpi_id, v.operatore_id, v.scade, v.dal, v.al, v.oggetto, v.parole) IS DISTINCT FROM
              (EXCLUDED.utente_id, EXCLUDED.cpi_id, EXCLUDED.operatore_id, EXCLUDED.scade, EXCLUDED.dal, EXCLUDED.al,
               EXCLUDED.oggetto, EXCLUDED.parole)
        RETURNING 1)
    SELECT (SELECT count(*) FROM tolte) + (SELECT count(*) FROM scritte) INTO cambiate;
    RETURN cambiate;
END $$;
"""

# The notes of a transaction are seen by nobody else: they are gone when it ends. The first of them at the end takes all.
NOTE = """
CREATE UNLOGGED TABLE psp_lavoro_cambiato (utente_id bigint NOT NULL);

CREATE FUNCTION psp_lavoro_a_fine() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    chi bigint[];
BEGIN
    IF current_setting('psp.lavoro_rifatto', true) = 'si' THEN RETURN NULL; END IF;
    WITH tolte AS (DELETE FROM psp_lavoro_cambiato RETURNING utente_id)
    SELECT array_agg(DISTINCT utente_id) FROM tolte INTO chi;
    PERFORM psp_lavoro_rifai(chi);
    PERFORM set_config('psp.lavoro_rifatto', 'si', true);
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER lavoro_a_fine AFTER INSERT ON psp_lavoro_cambiato
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION psp_lavoro_a_fine();

CREATE FUNCTION psp_lavoro_annota() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('psp.lavoro_rifatto', '', true);
    IF TG_OP = 'DELETE' THEN NEW := OLD; END IF;
    CASE TG_ARGV[0]
        WHEN 'persona' THEN INSERT INTO psp_lavoro_cambiato VALUES (NEW.id);
        WHEN 'di persona' THEN INSERT INTO psp_lavoro_cambiato VALUES (NEW.utente_id);
        WHEN 'di patto' THEN
            INSERT INTO psp_lavoro_cambiato SELECT utente_id FROM psp_pattodiservizio WHERE id = NEW.patto_id;
        WHEN 'di atto' THEN
            INSERT INTO psp_lavoro_cambiato SELECT p.utente_id
            FROM psp_attoricerca a JOIN psp_pattodiservizio p ON p.id = a.patto_id WHERE a.id = NEW.atto_id;
        WHEN 'di colloquio' THEN
            INSERT INTO psp_lavoro_cambiato SELECT utente_id FROM psp_colloquio WHERE id = NEW.colloquio_id;
        WHEN 'evento' THEN -- once a day is enough
            INSERT INTO psp_lavoro_cambiato SELECT v.utente_id FROM psp_vocedilavoro v
            WHERE v.genere = 'fermo' AND v.riga = NEW.utente_id
              AND v.scade < (NEW.quando AT TIME ZONE 'Europe/Rome')::date;
        WHEN 'programma' THEN
            INSERT INTO psp_lavoro_cambiato SELECT utente_id FROM anagrafica_did
            WHERE programma_id = NEW.id AND stato IN ('valida', 'sospesa');
        WHEN 'servizio' THEN
            INSERT INTO psp_lavoro_cambiato SELECT DISTINCT p.utente_id
            FROM psp_misura m JOIN psp_pattodiservizio p ON p.id = m.patto_id
            WHERE m.servizio_id = NEW.id AND m.stato IN ('concordata', 'avviata');
    END CASE;
    RETURN NULL;
END $$;
"""

SEMPRE = "INSERT OR UPDATE OR DELETE"
DI_QUALCUNO = "WHEN (NEW.utente_id IS NOT NULL AND NEW.azione <> 'fascicolo_aperto' AND NEW.attore_id IS NOT NULL)"
RIFIUTO = "WHEN (OLD.stato = 'rifiutato' OR NEW.stato = 'rifiutato')"
# Which table, what is written in it, how the person is found; and, where not all that is written counts, what does.
FONTI = [
    ("anagrafica_utente", "UPDATE OF cpi_id, operatore_riferimento_id", "persona"),
    ("anagrafica_presaincarico", SEMPRE, "di persona"),
    ("anagrafica_did", SEMPRE, "di persona"),
    ("anagrafica_programma", "UPDATE OF nome, giorni_per_patto", "programma"),
    ("registro_evento", "INSERT", "evento", DI_QUALCUNO),
    ("curriculum_curriculum", "INSERT OR DELETE OR UPDATE OF stato, valido_fino_al", "di persona"),
    ("curriculum_trasferimento", "INSERT OR DELETE", "di persona"),
    ("curriculum_trasferimento", "UPDATE", "di persona", RIFIUTO),
    (
        "psp_pattodiservizio",
        "INSERT OR DELETE OR UPDATE OF stato, proposto_il, firmato_il, valido_dal, valido_al, frequenza_contatti",
        "di persona",
    ),
    ("psp_revisione", SEMPRE, "di patto"),
    ("psp_attoricerca", SEMPRE, "di patto"),
    ("psp_provaatto", SEMPRE, "di atto"),
    ("psp_misura", SEMPRE, "di patto"),
    ("psp_servizio", "UPDATE OF nome", "servizio"),
    ("psp_iscrizione", "INSERT OR DELETE OR UPDATE OF stato, inizio", "di persona"),
    ("psp_appuntamento", "INSERT OR DELETE OR UPDATE OF data", "di colloquio"),
]
LEGHE = "".join(
    f"CREATE TRIGGER lavoro_annota_{posto} AFTER {quando} ON {tabella} FOR EACH ROW {' '.join(solo)}"
    f" EXECUTE FUNCTION psp_lavoro_annota('{come}');\n"
    for posto, (tabella, quando, come, *solo) in enumerate(FONTI)
)
SLEGA = "".join(f"DROP TRIGGER lavoro_annota_{posto} ON {fonte[0]};\n" for posto, fonte in enumerate(FONTI))
TUTTE = """
SELECT psp_lavoro_rifai(array_agg(utente_id)) FROM anagrafica_presaincarico WHERE chiusa_il IS NULL;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""
TOGLI = """
DROP TABLE psp_lavoro_cambiato;
DROP FUNCTION psp_lavoro_annota();
DROP FUNCTION psp_lavoro_a_fine();
DROP FUNCTION psp_lavoro_rifai(bigint[]);
DROP FUNCTION psp_dovuto(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("psp", "0006_postazioni"),
        ("anagrafica", "0002_messaggi"),
        ("curriculum", "0005_dovuto"),
        ("registro", "0002_azioni_a_parte"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="VoceDiLavoro",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("genere", models.CharField(max_length=12)),
                ("riga", models.BigIntegerField()),
                ("scade", models.DateField()),
                ("dal", models.DateField()),
                ("al", models.DateField(null=True)),
                ("oggetto", models.BigIntegerField(null=True)),
                ("parole", models.TextField()),
                (
                    "cpi",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="anagrafica.cpi", db_constraint=False, db_index=False
                    ),
                ),
                (
                    "operatore",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        db_constraint=False,
                        db_index=False,
                    ),
                ),
                (
                    "utente",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="anagrafica.utente", db_constraint=False
                    ),
                ),
            ],
            options={
                "verbose_name": "voce di lavoro",
                "verbose_name_plural": "voci di lavoro",
                "indexes": [
                    models.Index(fields=["operatore", "dal"], name="voce_per_operatore"),
                    models.Index(fields=["cpi", "dal"], name="voce_per_centro"),
                ],
                "constraints": [models.UniqueConstraint(fields=("genere", "riga"), name="una_voce_per_riga")],
            },
        ),
        migrations.RunSQL(
            [REGOLA, MANO, NOTE, LEGHE, TUTTE],
            [SLEGA, TOGLI],
        ),
    ]

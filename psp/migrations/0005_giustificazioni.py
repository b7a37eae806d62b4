"""The reason of a justified absence leaves the booking for a table of its own (U6).

What the dropped check constraint said of one row is said of two by constraint triggers at the end of the transaction:
a booking is justified exactly where it has its reason.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PORTA = """
INSERT INTO psp_giustificazioneassenza (iscrizione_id, motivo, registrata_il, registrata_da_id)
SELECT id, motivo_assenza, COALESCE(segnata_il, creata_il), COALESCE(segnata_da_id, creata_da_id)
FROM psp_iscrizione WHERE stato = 'giustificata';
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""
RIPORTA = """
UPDATE psp_iscrizione SET motivo_assenza = g.motivo
FROM psp_giustificazioneassenza g WHERE g.iscrizione_id = psp_iscrizione.id;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""

CREA = """
CREATE FUNCTION psp_giustificata_con_un_motivo() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    quale bigint;
BEGIN
    IF TG_TABLE_NAME = 'psp_iscrizione' THEN quale := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN quale := OLD.iscrizione_id;
    ELSE quale := NEW.iscrizione_id;
    END IF;
    IF EXISTS (SELECT 1 FROM psp_iscrizione WHERE id = quale AND stato = 'giustificata')
        <> EXISTS (SELECT 1 FROM psp_giustificazioneassenza WHERE iscrizione_id = quale)
    THEN
        RAISE EXCEPTION 'A booking is justified exactly where it has its reason (%)', quale
            USING ERRCODE = 'check_violation', CONSTRAINT = 'giustificata_con_un_motivo';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER giustificata_con_un_motivo_nuova AFTER INSERT ON psp_iscrizione
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.stato = 'giustificata')
EXECUTE FUNCTION psp_giustificata_con_un_motivo();

CREATE CONSTRAINT TRIGGER giustificata_con_un_motivo AFTER UPDATE ON psp_iscrizione
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.stato = 'giustificata' OR OLD.stato = 'giustificata')
EXECUTE FUNCTION psp_giustificata_con_un_motivo();

CREATE CONSTRAINT TRIGGER motivo_di_una_giustificata AFTER INSERT OR DELETE ON psp_giustificazioneassenza
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION psp_giustificata_con_un_motivo();
"""
TOGLI = """
DROP TRIGGER motivo_di_una_giustificata ON psp_giustificazioneassenza;
DROP TRIGGER giustificata_con_un_motivo ON psp_iscrizione;
DROP TRIGGER giustificata_con_un_motivo_nuova ON psp_iscrizione;
DROP FUNCTION psp_giustificata_con_un_motivo();
"""

MOTIVI = [
    ("salute", "Malattia o infortunio documentati"),
    ("militare", "Servizio civile o richiamo alle armi"),
    ("gravidanza", "Stato di gravidanza, nei periodi di astensione"),
    ("famiglia", "Gravi motivi familiari documentati o certificati"),
    ("giudiziario", "Obbligo di comparire davanti all'autorità giudiziaria"),
    ("lavoro", "Colloquio o impegno di lavoro documentato"),
    ("forza_maggiore", "Altro impedimento oggettivo o causa di forza maggiore, documentati"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("psp", "0004_scadenze"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GiustificazioneAssenza",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("motivo", models.CharField(choices=MOTIVI, max_length=16, verbose_name="motivo dell'assenza")),
                ("registrata_il", models.DateTimeField(verbose_name="registrata il")),
                (
                    "iscrizione",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="giustificazione",
                        to="psp.iscrizione",
                    ),
                ),
                (
                    "registrata_da",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "giustificazione di un'assenza",
                "verbose_name_plural": "giustificazioni delle assenze",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("motivo__gt", "")), name="giustificazione_con_un_motivo")
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="iscrizione", name="giustificata_con_un_motivo"),
        migrations.RunSQL(PORTA, RIPORTA),
        migrations.RemoveField(model_name="iscrizione", name="motivo_assenza"),
        migrations.RunSQL(CREA, TOGLI),
    ]

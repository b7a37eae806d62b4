from django.db import migrations, models

RIEMPI = """
UPDATE curriculum_trasferimento t SET codice_fiscale = u.codice_fiscale
FROM anagrafica_utente u WHERE u.id = t.utente_id AND t.codice_fiscale = ''
"""


class Migration(migrations.Migration):
    dependencies = [
        ("curriculum", "0003_testi_del_curriculum"),
    ]

    operations = [
        migrations.AddField(
            model_name="trasferimento",
            name="codice_fiscale",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Quello della richiesta: se il fascicolo viene corretto, qui resta com'era.",
                max_length=16,
                verbose_name="codice fiscale sul portale",
            ),
        ),
        migrations.RunSQL(RIEMPI, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="trasferimento", name="una_sola_operazione_in_coda"),
        migrations.AddConstraint(
            model_name="trasferimento",
            constraint=models.UniqueConstraint(
                condition=models.Q(("stato__in", ["da_inviare", "in_attesa"])),
                fields=("utente", "operazione", "codice_fiscale"),
                name="una_sola_operazione_in_coda",
                violation_error_message="C'è già una richiesta uguale in coda.",
            ),
        ),
    ]

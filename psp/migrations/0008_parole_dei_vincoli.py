"""Places, states and hours within reason; a sentence for people at every constraint."""

import django.core.validators
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("anagrafica", "0002_messaggi"),
        ("psp", "0007_voci_di_lavoro"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="servizio",
            name="ore_previste",
            field=models.DecimalField(
                blank=True,
                decimal_places=1,
                max_digits=5,
                null=True,
                validators=[django.core.validators.MinValueValidator(0.5)],
                verbose_name="ore consuete",
            ),
        ),
        migrations.AddConstraint(
            model_name="misura",
            constraint=models.CheckConstraint(
                condition=models.Q(("ore_previste__isnull", True), ("ore_previste__gt", 0), _connector="OR"),
                name="ore_della_misura_positive",
                violation_error_message="Le ore previste sono almeno mezza (0,5).",
            ),
        ),
        migrations.AddConstraint(
            model_name="seduta",
            constraint=models.CheckConstraint(
                condition=models.Q(("posti__gte", 1), ("posti__lte", 400)),
                name="posti_della_seduta",
                violation_error_message="I posti vanno da 1 a 400.",
            ),
        ),
        migrations.AddConstraint(
            model_name="seduta",
            constraint=models.CheckConstraint(
                condition=models.Q(("stato__in", ["fissata", "tenuta", "annullata"])),
                name="seduta_in_uno_stato_che_esiste",
                violation_error_message="Un appuntamento è fissato, tenuto o annullato.",
            ),
        ),
        migrations.AddConstraint(
            model_name="servizio",
            constraint=models.CheckConstraint(
                condition=models.Q(("ore_previste__isnull", True), ("ore_previste__gt", 0), _connector="OR"),
                name="ore_consuete_positive",
                violation_error_message="Le ore consuete sono almeno mezza (0,5).",
            ),
        ),
        migrations.AlterConstraint(
            model_name="contattoimpresa",
            name="risposta_con_la_sua_data",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("risposta", "in_attesa"), ("risposta_il__isnull", True)),
                    models.Q(("risposta", "in_attesa"), _negated=True),
                    _connector="OR",
                ),
                name="risposta_con_la_sua_data",
                violation_error_message="Finché si aspetta la risposta non c'è la sua data.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="giustificazioneassenza",
            name="giustificazione_con_un_motivo",
            constraint=models.CheckConstraint(
                condition=models.Q(("motivo__gt", "")),
                name="giustificazione_con_un_motivo",
                violation_error_message="Va scelto il motivo che giustifica l'assenza.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="iscrizione",
            name="posto_secondo_lo_stato",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("posto__isnull", True), ("stato__in", ["in_lista", "annullata"])),
                    models.Q(("posto__gte", 1), ("stato__in", ["prenotata", "presente", "assente", "giustificata"])),
                    _connector="OR",
                ),
                name="posto_secondo_lo_stato",
                violation_error_message="Ha un posto chi è prenotato o segnato; chi aspetta o ha rinunciato no.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="iscrizione",
            name="iscrizione_ore_in_ordine",
            constraint=models.CheckConstraint(
                condition=models.Q(("fine__gt", models.F("inizio"))),
                name="iscrizione_ore_in_ordine",
                violation_error_message="L'ora di fine deve seguire quella di inizio.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="luogo",
            name="almeno_un_posto",
            constraint=models.CheckConstraint(
                condition=models.Q(("posti__gte", 1)),
                name="almeno_un_posto",
                violation_error_message="Una sala o una postazione ha almeno un posto.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="provaatto",
            name="prova_verificata_da_qualcuno",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("esito", ""), ("verificata_da__isnull", True), ("verificata_il__isnull", True)),
                    models.Q(("esito__gt", ""), ("verificata_da__isnull", False), ("verificata_il__isnull", False)),
                    _connector="OR",
                ),
                name="prova_verificata_da_qualcuno",
                violation_error_message="Una verifica ha il suo esito, il giorno e chi l'ha fatta.",
            ),
        ),
    ]

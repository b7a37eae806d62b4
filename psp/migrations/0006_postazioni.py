"""A place at a web learning point is booked without tying an operator to it."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import migrations, models
from django.db.models import Q

from psp.models.agenda import PERIODO


class Migration(migrations.Migration):
    dependencies = [("psp", "0005_giustificazioni")]

    operations = [
        migrations.RemoveConstraint(model_name="seduta", name="un_operatore_un_appuntamento_alla_volta"),
        migrations.AddField(
            model_name="seduta",
            name="assistita",
            field=models.BooleanField(default=True, verbose_name="l'operatore è presente"),
        ),
        migrations.AddConstraint(
            model_name="seduta",
            constraint=models.CheckConstraint(
                condition=Q(assistita=True) | Q(di_gruppo=False, luogo__isnull=False),
                name="senza_operatore_in_una_postazione",
                violation_error_message="Senza operatore si prenota solo una postazione.",
            ),
        ),
        migrations.AddConstraint(
            model_name="seduta",
            constraint=ExclusionConstraint(
                name="un_operatore_un_appuntamento_alla_volta",
                expressions=[("operatore", "="), (PERIODO, "&&")],
                condition=~Q(stato="annullata") & Q(assistita=True),
                violation_error_message="L'operatore ha già un altro appuntamento in quell'orario.",
            ),
        ),
    ]

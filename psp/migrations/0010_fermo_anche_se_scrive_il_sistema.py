"""A case lies still although the system has written of it: what comes from the portal by itself is nobody's work.

The rule of the worklist is that of 0007 but for the kind `fermo`, which reads the events of somebody alone.
"""

from importlib import import_module

from django.db import migrations

PRIMA = import_module("psp.migrations.0007_voci_di_lavoro")
DI_CHIUNQUE, DI_QUALCUNO = "azione <> 'fascicolo_aperto'", "azione <> 'fascicolo_aperto' AND attore_id IS NOT NULL"


def regola(quali: str) -> list[str]:
    funzione = PRIMA.REGOLA.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(DI_CHIUNQUE, quali)
    lega = f"""
        DROP TRIGGER lavoro_annota ON registro_evento;
        CREATE TRIGGER lavoro_annota AFTER INSERT ON registro_evento FOR EACH ROW
        WHEN (NEW.utente_id IS NOT NULL AND NEW.{quali.replace("AND ", "AND NEW.")})
        EXECUTE FUNCTION psp_lavoro_annota('evento');
    """
    return [funzione, lega, PRIMA.TUTTE]


class Migration(migrations.Migration):
    dependencies = [("psp", "0009_iscrizione_come_la_seduta")]

    operations = [migrations.RunSQL(regola(DI_QUALCUNO), regola(DI_CHIUNQUE))]

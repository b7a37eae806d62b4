"""A booking stands at the hours of its meeting and within its places, whoever writes either of the two.

The service writes the two rows one after the other, so it is judged at the end of the transaction.
"""

from django.db import migrations

CREA = """
CREATE FUNCTION psp_iscrizione_come_la_seduta() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    quale bigint;
BEGIN
    IF TG_TABLE_NAME = 'psp_seduta' THEN quale := NEW.id; ELSE quale := NEW.seduta_id; END IF;
    IF EXISTS (
        SELECT FROM psp_iscrizione i JOIN psp_seduta s ON s.id = i.seduta_id
        WHERE s.id = quale AND i.stato <> 'annullata'
          AND ((i.inizio, i.fine) IS DISTINCT FROM (s.inizio, s.fine) OR i.posto > s.posti))
    THEN
        RAISE EXCEPTION 'A booking is not at the hours of its meeting or beyond its places (%)', quale
            USING ERRCODE = 'check_violation', CONSTRAINT = 'iscrizione_come_la_seduta';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER iscrizione_come_la_seduta AFTER INSERT OR UPDATE ON psp_iscrizione
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.stato <> 'annullata')
EXECUTE FUNCTION psp_iscrizione_come_la_seduta();

CREATE CONSTRAINT TRIGGER seduta_come_le_iscrizioni AFTER UPDATE ON psp_seduta
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN ((OLD.inizio, OLD.fine, OLD.posti) IS DISTINCT FROM (NEW.inizio, NEW.fine, NEW.posti))
EXECUTE FUNCTION psp_iscrizione_come_la_seduta();
"""
TOGLI = """
DROP TRIGGER seduta_come_le_iscrizioni ON psp_seduta;
DROP TRIGGER iscrizione_come_la_seduta ON psp_iscrizione;
DROP FUNCTION psp_iscrizione_come_la_seduta();
"""


class Migration(migrations.Migration):
    dependencies = [("psp", "0008_parole_dei_vincoli")]

    operations = [migrations.RunSQL(CREA, TOGLI)]

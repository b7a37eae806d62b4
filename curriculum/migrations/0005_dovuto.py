"""What of a CV falls due, for a worklist that reads many things at once: near its end (V4), refused by the portal (V6).

The body is text, so that nothing in the tables depends on it. `dal` and `al` are the days between which a line is shown.
"""

from django.db import migrations

CREA = """
CREATE FUNCTION curriculum_dovuto(chi bigint[])
RETURNS TABLE (genere text, riga bigint, utente_id bigint, scade date, dal date, al date, parole text)
LANGUAGE sql STABLE AS $$
    SELECT 'curriculum', c.id, c.utente_id, c.valido_fino_al, c.valido_fino_al - 30, c.valido_fino_al + 183, ''
    FROM curriculum_curriculum c
    WHERE c.stato = 'attuale' AND c.utente_id = ANY(chi)
    UNION ALL
    SELECT 'rifiuto', t.id, t.utente_id, giorno, giorno, giorno + 90, t.motivo
    FROM curriculum_trasferimento t, LATERAL (SELECT (t.chiuso_il AT TIME ZONE 'Europe/Rome')::date) g (giorno)
    WHERE t.stato = 'rifiutato' AND t.utente_id = ANY(chi)
      AND NOT EXISTS (SELECT FROM curriculum_trasferimento d
                      WHERE d.utente_id = t.utente_id AND d.operazione = t.operazione AND d.id > t.id)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0004_codice_fiscale_del_trasferimento")]

    operations = [migrations.RunSQL(CREA, "DROP FUNCTION curriculum_dovuto(bigint[])")]

"""`manage.py prepara`: what bin/start does to the database, any number of times."""

import io
import json

import pytest
from django.core.management import call_command

from orientamento.anagrafica.models import CPI, Operatore, Utente
from propensioni.models import Professione
from psp.dimostrazione.accessi import ACCESSI, PASSWORD
from psp.models import Servizio

pytestmark = pytest.mark.django_db


def prepara(*argomenti):
    uscita, errori = io.StringIO(), io.StringIO()
    call_command("prepara", *argomenti, stdout=uscita, stderr=errori)
    return uscita.getvalue(), errori.getvalue()


def test_an_empty_start_has_tables_and_logins_and_nobody_else():
    uscita, _ = prepara("--vuoto", "--json")
    esito = json.loads(uscita)
    assert [nome for nome, _ in esito["accessi"]] == [accesso.username for accesso in ACCESSI]
    assert esito["password"] == PASSWORD
    assert CPI.objects.exists()
    assert Professione.objects.exists()
    assert Servizio.objects.exists()
    assert not Utente.objects.exists()


def test_a_second_time_changes_nothing():
    prima = prepara("--vuoto")
    conti = [modello.objects.count() for modello in (CPI, Professione, Servizio, Operatore)]
    assert prepara("--vuoto") == prima
    assert [modello.objects.count() for modello in (CPI, Professione, Servizio, Operatore)] == conti


def test_logins_are_never_added_beside_somebody_s_own(django_user_model):
    django_user_model.objects.create_user("vera", password="x", ruolo="amministratore")
    uscita, _ = prepara("--vuoto", "--json")
    assert json.loads(uscita) == {"accessi": [], "password": ""}


def test_production_gets_the_tables_and_no_login(settings):
    settings.DATI_DIMOSTRATIVI_AMMESSI = False
    uscita, _ = prepara("--json")
    assert json.loads(uscita) == {"accessi": [], "password": ""}
    assert CPI.objects.exists()
    assert not Operatore.objects.exists()
    assert not Utente.objects.exists()

"""The folding of names on the database's side; its definition stands in migration 0001."""

from django.db.models import CharField, Func


class Piega(Func):
    """`piega(text)`: lower case, without accents, blanks and punctuation. Use it on both sides of a comparison."""

    function = "piega"
    output_field = CharField()
    arity = 1

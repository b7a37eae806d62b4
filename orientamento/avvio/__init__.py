"""The launcher behind bin/start, bin/test, bin/bench and .ci/run.

It uses the standard library alone, because it runs before the virtual environment exists, and it never imports the
application: Django, gunicorn and Celery are its children.
"""

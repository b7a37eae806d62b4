"""The run under fault: a thousand transfers while everything around them breaks (V6). See `manage.py prova_guasti`.

Unlike the portal beside it, this knows the application: it starts it, feeds it and counts.
"""

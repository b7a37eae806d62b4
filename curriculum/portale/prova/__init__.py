"""The portal to try against: citizens' area, Intuition and faults on demand, over the same contract as the real one.

A Django project of its own, run in its own process with its own store: it shares neither code nor database with
Orientamento, which knows it by its address only. A production installation has no need of this folder.
"""

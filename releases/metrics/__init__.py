"""Delivery metrics: the five of DORA, out of what went live here.

Definitions: DORA, "DORA's software delivery performance metrics",
https://dora.dev/guides/dora-metrics/ (the five since 2024: change lead time, deployment frequency,
failed deployment recovery time, change fail rate, deployment rework rate).
"""

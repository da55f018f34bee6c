"""Definitions written for other systems, in our words: dbt manifests, Cube, Ossie, Lightdash; and ours as Ossie.

Pure: takes values that were read elsewhere, gives documents and a report. Nothing of a template is ever evaluated.
"""

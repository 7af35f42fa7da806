"""Files for other tools: transcripts in the formats of the field, and long tables for researchers.

A transcript format is one file of this folder that defines `FORMAT`; see `workbench.exchange.formats`.
"""

"""The sample session of `make demo` and of the page for creating a session, in English and French."""

from __future__ import annotations

from pathlib import Path

from server.core.setup import Setup
from server.importer.read import read_agenda

SAMPLE = Path(__file__).with_name("partnerships.yaml")


def sample_setup() -> Setup:
    """Three segments of four guiding questions on partnerships of diaspora organisations; no date is set."""
    return read_agenda(SAMPLE.read_bytes(), "yaml").setup


def sample_text() -> str:
    """The sample as a person would write it, in YAML."""
    return SAMPLE.read_text("utf-8")

"""The importer: an agenda as people have it (YAML, JSON, or the page of an event) to a session's `Setup`."""

from server.importer.describe import describe, describe_error
from server.importer.read import Kind, read_agenda
from server.importer.remarks import AgendaError, Imported, Remark
from server.importer.sample import sample_setup, sample_text

__all__ = [
    "AgendaError",
    "Imported",
    "Kind",
    "Remark",
    "describe",
    "describe_error",
    "read_agenda",
    "sample_setup",
    "sample_text",
]

"""The outcome document and its data: from a state to Markdown, HTML, JSON, CSV, and the log as it may be handed out."""

from server.report.entries import entry_line
from server.report.report import FORMATS, Rendered, Reports

__all__ = ["FORMATS", "Rendered", "Reports", "entry_line"]

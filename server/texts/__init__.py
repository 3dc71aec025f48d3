"""The texts of the interface: catalogues, the choice of a language, and where the files beside the code lie."""

from server.texts.catalogues import Catalogues
from server.texts.negotiate import negotiate
from server.texts.resources import resource

__all__ = ["Catalogues", "negotiate", "resource"]

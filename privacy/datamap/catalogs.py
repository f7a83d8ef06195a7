"""What sources say of their tables, read once for one act of an officer over many of them."""

from privacy.datamap.engine.catalog import Catalog
from privacy.datamap.engine.errors import EngineError
from privacy.datamap.engine.introspect import read_catalog
from privacy.datamap.engine.source import Source as EngineSource
from privacy.datamap.models import Source


class CatalogsOnce:
    """Catalogues by source. Made for one request: what is in it is as old as the request."""

    def __init__(self) -> None:
        self._read: dict[int, Catalog | EngineError] = {}

    def of(self, source: Source, engine: EngineSource) -> Catalog:
        """The catalogue of a source; of one that did not answer nobody waits twice.

        Raises:
            EngineError: it cannot be read.
        """
        if source.pk not in self._read:
            self._read[source.pk] = _read(engine)
        found = self._read[source.pk]
        if isinstance(found, EngineError):
            raise found
        return found


def _read(engine: EngineSource) -> Catalog | EngineError:
    try:
        return read_catalog(engine)
    except EngineError as error:
        return error

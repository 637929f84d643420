"""Service packages on disk: read, checked, begun anew."""

from onething.catalog.folders import Catalog, shipped_root

__all__ = ["Catalog", "shipped_root"]

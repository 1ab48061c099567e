"""An organization's own records: imported, counted, and published, on its own machine alone."""

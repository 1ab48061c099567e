"""Statistics of counts: arrays in, arrays out, with no SQL and no data frames."""

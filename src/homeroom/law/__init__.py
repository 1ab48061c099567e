"""Law and bills as rules: three-valued, traced, each parameter with its source."""

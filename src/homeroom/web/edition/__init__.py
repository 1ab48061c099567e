"""The static edition: the server's own pages as files that any host serves."""

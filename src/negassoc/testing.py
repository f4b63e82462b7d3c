"""For people who build on this library: in-memory sources, and the contracts as code."""

"""Forms of the catalogue. They take what people type to the verbs, which decide."""

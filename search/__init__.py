"""Search: Thai text analysis and an engine behind one interface. Knows no model."""

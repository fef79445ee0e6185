"""The invented world of the demo, made through the verbs, so that every state has its events."""

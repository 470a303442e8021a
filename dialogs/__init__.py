"""Self-check checklists, one question at a time. Pure; may import knowledge, never the reverse."""

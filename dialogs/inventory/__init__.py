"""The inventory of information: what the company holds, by name and kind, never the content. Pure."""

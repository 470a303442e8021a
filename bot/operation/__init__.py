"""Commands for who runs the bot. Thin: they ask the store and print."""

"""The Web API: one module a family of methods, and the door that all calls come through."""

"""Self-checks: a run of questions, what its answers come to, and several runs as one. Pure: no clock, no storage."""

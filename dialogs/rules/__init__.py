"""Handling rules (取り扱いルール) and nudges: what is asked of whom, what changed, who is reminded of what when."""

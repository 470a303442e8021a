"""The Slack shell: the only package that speaks to Slack."""

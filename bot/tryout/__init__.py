"""The bot without Slack, to try it out."""

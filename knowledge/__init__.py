"""What the handbook says, and how a message is read. Pure: no Slack, no clock."""

"""What people say about the weekly reminder, in parts: signs (of stopping, of a span, of what is told) and days and hours."""

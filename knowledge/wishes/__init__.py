"""What people say about the weekly reminder: signs (of stopping, of a span, of what is told), days and hours."""

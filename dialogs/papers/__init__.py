"""Files that people download: PDF pages, and tables as csv and xlsx. Bytes out; nothing is read or written here."""

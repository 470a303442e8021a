"""Drafts of letters from a case: to the company, to a partner, to a wrong recipient, and the nine items for the PPC.

What is not known stays blank and says so (【未記入】). A letter that goes out of the house takes over nothing that
somebody wrote down in the case: what may be told is for people to decide.
"""

from .content import Content, content_of, words
from .made import KINDS, Draft, draft, offered, titles
from .paper import to_docx, to_pdf

__all__ = ["KINDS", "Content", "Draft", "content_of", "draft", "offered", "titles", "to_docx", "to_pdf", "words"]

"""One chart specification in; the same picture out as SVG for the page and PNG for a document."""

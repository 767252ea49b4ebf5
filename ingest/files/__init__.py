"""Files into articles: text, metadata, dates, and what on a page is not the article."""

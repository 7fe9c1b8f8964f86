"""An estimate for readers: one summary, written as text, JSON, CSV, Markdown or as a chart."""

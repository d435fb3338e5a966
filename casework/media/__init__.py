"""Files that people send: fetched once, judged by their content, kept encrypted, deleted with the person."""

"""Language code that knows no Rasa, no database and no channel: text in, values out."""

"""Programs and data of others that judge the connector: telemelya as Telegram, aiogram's copy of the Bot API.

Nothing of them is kept in the project; they are installed into a cache when the tests first need them.
"""

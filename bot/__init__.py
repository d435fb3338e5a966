"""Our parts inside Rasa: NLU components, stores, wording, and the agent as a library.

`bot.engine` is the door for the application. Importing this package imports neither Rasa nor TensorFlow.
"""

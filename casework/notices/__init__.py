"""What people are told of their cases: which notice an event gives, when it goes out, in which words."""

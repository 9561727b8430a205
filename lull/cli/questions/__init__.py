"""How the verbs that ask a question are asked, answered, kept and shown: the same way for all."""

"""How a message leaves: the mail server, or a folder where there is none. Nothing here knows the queue."""

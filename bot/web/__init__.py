"""The page: the Discord bot in a browser, without Discord.

The bot that serves Discord runs here against the loopback Discord, and the page shows what that one received: what
is tried here is what Discord would be sent.
"""

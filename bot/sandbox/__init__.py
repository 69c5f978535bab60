"""Two stand-ins, Google Sheets and Zvid, in one process on loopback; shares no code with the bot."""

"""The Zvid half: validates, prices, queues and renders projects as the service would."""

"""How each model runs fastest on this machine."""

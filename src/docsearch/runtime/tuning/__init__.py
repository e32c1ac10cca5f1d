"""In which way each model runs fastest on this machine, and still says what the reference says."""

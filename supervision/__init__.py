"""Runs the processes of a Procfile and starts again the one that died, where no service manager does so."""

-- Rasa's tracker beside the log: PostgreSQL's image runs this once, on an empty volume.
CREATE DATABASE tracker;

"""Messages of somebody who means no good."""

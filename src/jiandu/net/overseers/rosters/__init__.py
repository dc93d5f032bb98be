"""An office's roster sheets in: units, persons with their posts, who watches, leads and is linked to which unit."""

"""A leak case: what is asked, what is known, which dates run, whom to go to. Pure: time and ids are passed in."""

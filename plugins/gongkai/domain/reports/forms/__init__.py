"""One module for each official form; ``form.forms()`` finds them by being here."""

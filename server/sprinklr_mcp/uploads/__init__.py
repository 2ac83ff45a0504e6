"""Files of this machine on their way to Sprinklr: which may go, what they are, and their bytes."""

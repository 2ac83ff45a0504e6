"""Files that are put into Sprinklr's content store."""

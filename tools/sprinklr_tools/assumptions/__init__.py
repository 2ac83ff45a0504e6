"""What is assumed about Sprinklr and can be checked on a tenant by reads alone."""

"""Users, sign-in, second factors, the waiting throttle."""

"""What every face shares: declared URLs, middleware, sign-in, errors."""

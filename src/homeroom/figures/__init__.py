"""The one engine that counts: questions in, figures out, each with what it speaks for."""
